"""社会保障号码 = 公民身份号码 (GB 11643-1999): 18 characters.

Six digits for the area of first registration, the birth date, three digits of sequence (the last
one odd for men), and a check character by ISO 7064 MOD 11-2. The area code is where a person was
first registered, perhaps decades ago, so it is never compared with today's map; only its first two
digits have to be a province. Residence permits of people from Hong Kong, Macao and Taiwan (81–83)
and the 18-character permits of permanent foreign residents (9…) have the same structure.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError

from apps.typed_text.plain_text import compact

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9\d")
_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
LENGTH = 18
_OLDEST = 130  # years, more than anybody has reached


# Letters and signs that people type for the X at the end.
_LOOKS_LIKE_DIGIT = {"O": "0", "Q": "0", "I": "1", "L": "1", "Z": "2", "B": "8"}
_APOSTROPHES = "'‘’`"
_LOOKS_LIKE_X = str.maketrans(dict.fromkeys("×ХΧ✕✖", "X"))


def normalise(text):
    """`text` as it is stored: half-width, with a capital X, without spaces and dashes.

    The invisible marks that come along when a number is copied from a chat are dropped as well, and
    the apostrophe by which spreadsheets know that a number is text.
    """
    return compact(text).strip(_APOSTROPHES).upper().translate(_LOOKS_LIKE_X)


def check_character(first17):
    """The 18th character for the first seventeen digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def check(text, *, day):
    """Raise ValidationError unless `text`, normalised before, is a number valid on `day`.

    It raises no other exception, whatever the text is.
    """
    if re.fullmatch(r"[0-9]{15}", text):
        raise ValidationError(
            f"这是 15 位的旧号码，已停止使用。请填写现在身份证上的 {LENGTH} 位号码。",
            code="old_number",
        )
    beside = re.sub(r"[0-9X]", "", text)
    if len(text) != LENGTH and len(text) - len(beside) == LENGTH:
        raise ValidationError(
            f"社会保障号码里不能有「{beside[0]}」。请只填 {LENGTH} 位号码。", code="characters"
        )
    if len(text) != LENGTH:
        raise ValidationError(
            f"社会保障号码应为 {LENGTH} 位，您填了 {len(text)} 位。请对照身份证重新填写。",
            code="length",
        )
    if not _SHAPE.fullmatch(text):
        raise ValidationError(_wrong_character(text), code="characters")
    if not _PROVINCES.fullmatch(text[:2]):
        raise ValidationError("社会保障号码的前两位不是有效的地区代码。请核对。", code="area")
    _check_birth_date(text, day)
    if check_character(text[:17]) != text[17]:
        raise ValidationError(
            "社会保障号码的校验位不对，可能有一位填错了。请逐位核对。", code="checksum"
        )


def _wrong_character(text):
    """Which of the 18 characters of `text` cannot stand there, and what was meant."""
    place = next(n for n, c in enumerate(text, start=1) if not re.fullmatch("[0-9]", c))
    character = text[place - 1]
    meant = _LOOKS_LIKE_DIGIT.get(character)
    advice = f"是数字 {meant} 的，请改成 {meant}。" if meant else "请对照身份证改正。"
    rule = "前 17 位应为数字，最后一位是数字或 X。"
    return f"社会保障号码第 {place} 位是「{character}」。{rule}{advice}"


def _check_birth_date(text, day):
    try:
        born = birth_date(text)
    except ValueError:
        raise ValidationError(
            "社会保障号码第 7 至 14 位不是真实的出生日期。请核对。", code="birth_date"
        ) from None
    if born > day:
        raise ValidationError("社会保障号码中的出生日期晚于今天。请核对。", code="future")
    if age(born, day=day) > _OLDEST:
        raise ValidationError("社会保障号码中的出生日期过早。请核对。", code="too_old")


def birth_date(number):
    """The birth date in a number of 18 characters; ValueError when it is no date."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex(number):
    """The code "1" (男) or "2" (女), by the seventeenth digit."""
    return "1" if int(number[16]) % 2 else "2"


@dataclass(frozen=True)
class Told:
    """What a number of 18 characters says by itself."""

    birth_date: date
    sex: str
    is_check_character_right: bool


def told_by(number):
    """What `number` says; None for one of another structure, such as that of a passport."""
    if not _SHAPE.fullmatch(number):
        return None
    try:
        born = birth_date(number)
    except ValueError:
        return None
    return Told(born, sex(number), check_character(number[:17]) == number[17])


def age(born, *, day):
    """Completed years (周岁) on `day`. Where the year has no 29 February, 1 March counts."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
