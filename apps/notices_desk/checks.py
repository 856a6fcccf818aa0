"""What is wrong with the words of a message, in Chinese sentences; and how long an SMS becomes.

An SMS in Chinese holds 70 characters; a longer one is sent in parts of 67 (3GPP TS 23.040, UCS-2
with a header that numbers the parts), and each part is paid for.
"""

import re
import unicodedata

from django.conf import settings

from apps.common.rules import rule_text
from apps.common.typed_words import LINK
from apps.notices import channels, notation

ONE_SMS, PART_OF_SMS = 70, 67
_DOMAIN = re.compile(r"[a-z0-9-]\.(?:com|cn|net|org|top|vip|cc|me|edu|gov)\b", re.IGNORECASE)
_BRACE = re.compile(r"[{}｛｝]")
_NUMBER = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")
# Control and invisible characters, half of a pair, private and unassigned ones.
_UNSUPPORTED = {"Cc", "Cf", "Cs", "Co", "Cn"}
_LAST_IN_SMS = "\uffff"  # UCS-2 has no character above: no emoji, and none of the rarest characters


def problems(words, vocabulary):
    """What keeps `words` from being the words of the message with this `Vocabulary`."""
    found = _of_characters(words)
    try:
        parts = notation.parsed(words, vocabulary)
    except notation.UnreadableWords as error:
        return [*found, *error.problems]
    return [*found, *_left_out(parts, vocabulary)]


def problems_of_title(title):
    """What keeps `title` from being the title of a mail; it names nothing that differs."""
    found = _of_characters(title)
    if _BRACE.search(title):
        found.append("标题里不能用占位符：锁着的手机也会显示标题。请写成每个人都一样的一句。")
    return found


def _of_characters(words):
    found = []
    if "\n" in words or "\r" in words:
        found.append("消息是一整段，请去掉换行。")
    odd = {
        letter
        for letter in words
        if letter not in "\r\n"
        and (letter > _LAST_IN_SMS or unicodedata.category(letter) in _UNSUPPORTED)
    }
    if odd:
        shown = "、".join(_named(letter) for letter in sorted(odd))
        found.append(f"有手机短信显示不了的字符（{shown}），请换成普通的字。")
    if "【" in words or "】" in words:
        found.append("【】只给短信签名用，签名会自动加在前面，请改用「」。")
    if LINK.search(words) or _DOMAIN.search(words):
        found.append("消息里不能有链接：点链接的短信容易被当成诈骗。请写「登录社保卡自助办理」。")
    if _NUMBER.search(words):
        found.append("消息里不能写身份证号或手机号。办公电话可以写座机。")
    return found


def _named(letter):
    is_seen = unicodedata.category(letter) not in _UNSUPPORTED
    return letter if is_seen else f"U+{ord(letter):04X}"


def _left_out(parts, vocabulary):
    """What may not be left out and is: placeholders, then conditions."""
    has_places = {place.name for place in notation.placeholders_of(parts)}
    has_conditions = {condition.name for condition in notation.conditions_of(parts)}
    places = [
        f"{{{name}}}"
        for name, place in vocabulary.placeholders.items()
        if place.is_needed and name not in has_places
    ]
    conditions = [
        f"{{{notation.IF} {name}}}"
        for name, condition in vocabulary.conditions.items()
        if condition.is_needed and name not in has_conditions
    ]
    found = []
    if places:
        found.append(f"少了必须有的{'、'.join(places)}：没有它，收信人看不明白。")
    if conditions:
        found.append(f"少了必须有的{'、'.join(conditions)}：不分情况，有的人会收到不对的话。")
    return found


def units(text):
    """How many characters of an SMS `text` takes, its signature included."""
    return len((channels.SIGN + text).encode("utf-16-be")) // 2


def sms_parts(count):
    """In how many parts an SMS of `count` characters is sent."""
    return 1 if count <= ONE_SMS else -(-count // PART_OF_SMS)


def too_long(parts):
    """The sentence when the longest example of `parts` is too long for an SMS; "" else."""
    longest = max(units(text) for _, text in notation.examples(parts))
    most = settings.SMS_MAX_PARTS
    if sms_parts(longest) <= most:
        return ""
    return (
        f"短信最长的一种有 {longest} 个字（含签名），要分 {sms_parts(longest)} 条发。"
        f"最多 {rule_text('SMS_MAX_PARTS')}，{most * PART_OF_SMS} 个字，请缩短。"
    )
