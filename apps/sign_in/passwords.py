"""What a password must not be made of: what others know of its owner, and blanks."""

import re
import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError

from apps.common.rules import rule_text
from apps.typed_text.plain_text import visible

# A shorter number stands in many passwords by chance.
_LEAST_LENGTH = 4
_ID_TAILS = (8, 6)
# Letters that a password has to have beside the names of the unit and the portal.
_LEAST_REST = 6
_NOT_TELLING = re.compile(r"[\W\d_]+")
# What people put between the parts of a date.
_SEPARATORS = re.compile(r"[\s./\-_年月日]")


class KnownFactsValidator:
    """Refuses a password with the owner's employee number, phone, ID number or birth date in it."""

    def validate(self, password, user=None):
        typed = _plain(password)
        for name, values in _known_of(user):
            known = [_plain(value) for value in values]
            if any(value in typed for value in known if len(value) >= _LEAST_LENGTH):
                raise ValidationError(
                    f"密码里有您的{name}，别人容易猜到。请换一个。", code="known_fact"
                )

    def get_help_text(self):
        return "密码里不能有您的工号、手机号、身份证号和生日。"


class WordsOfHereValidator:
    """Refuses a password that is little more than the name of the unit or the portal.

    `settings.PASSWORD_WORDS` are their names, and how people spell them.
    """

    def validate(self, password, user=None):
        rest = _NOT_TELLING.sub("", _seen(password).casefold())
        for word in sorted(settings.PASSWORD_WORDS, key=len, reverse=True):
            if word.casefold() not in rest:
                continue
            rest = rest.replace(word.casefold(), "")
            if len(rest) < _LEAST_REST:
                raise ValidationError(
                    f"密码主要是「{word}」这样人人知道的词，别人容易猜到。请换一个。",
                    code="word_of_here",
                )

    def get_help_text(self):
        return "不能只是单位或系统的名称加几个数字。"


class LongNumberValidator:
    """Refuses a short password of digits only. No kind of character is required or forbidden."""

    def validate(self, password, user=None):
        least = settings.PASSWORD_DIGITS_MIN_LENGTH
        digits = "".join(_seen(password).split())
        if digits.isdecimal() and len(digits) < least:
            raise ValidationError(
                f"全是数字的密码至少 {rule_text('PASSWORD_DIGITS_MIN_LENGTH', gap=' ')}；"
                f"加上几个字母或符号，{rule_text('PASSWORD_MIN_LENGTH', gap=' ')}就够了。",
                code="only_digits",
            )

    def get_help_text(self):
        return f"全是数字的至少 {rule_text('PASSWORD_DIGITS_MIN_LENGTH', gap=' ')}。"


class NoBlanksValidator:
    """Refuses a password that begins or ends with a blank, or is long by blanks only."""

    def validate(self, password, user=None):
        if password != password.strip():
            raise ValidationError("密码的开头和结尾不能是空格。", code="blank_edge")
        if len("".join(_seen(password).split())) < settings.PASSWORD_MIN_LENGTH:
            raise ValidationError(
                f"空格不算，密码至少 {rule_text('PASSWORD_MIN_LENGTH', gap=' ')}。", code="blanks"
            )

    def get_help_text(self):
        return "空格不算在长度里。"


def _seen(password):
    """`password` in half-width signs, without those that nobody sees."""
    return visible(unicodedata.normalize("NFKC", password))


def _plain(text):
    """`text` without what people put between the parts of a number or a date."""
    return _SEPARATORS.sub("", _seen(text)).casefold()


def _known_of(user):
    """(what it is, how it is written) of each fact that others may know of `user`."""
    if user is None:
        return
    yield "工号", [user.employee_number]
    holder = getattr(user, "holder", None)
    if holder is None:
        return
    yield "手机号", [holder.phone[-8:]]
    number = holder.id_number
    yield "身份证号", [number, *(number[-length:] for length in _ID_TAILS)]
    born = holder.birth_date
    year, month, day = str(born.year), f"{born.month:02d}", f"{born.day:02d}"
    orders = (year + month + day, year[2:] + month + day, day + month + year, month + day + year)
    yield "生日", [*orders, f"{year}{born.month}{born.day}"]
