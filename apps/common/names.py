"""Names of Chinese citizens, of every ethnic group.

The dot in a name is U+00B7 (民委发〔2016〕33号); keyboards produce at least six others. Rare
characters lie outside the basic block, some in planes that this Python has no names for yet, so no
short range of code points is used to judge a character.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError

LONGEST = 50
DOT = "·"
_DOTS = str.maketrans(dict.fromkeys("•・‧∙．⋅･.", DOT))
_SPACE_BETWEEN_LATIN = re.compile(r"(?<=[A-Za-z]) (?=[A-Za-z])")


def normalise(text):
    """`text` as it is stored: NFC, one kind of dot, without invisible marks and without spaces but
    single ones between Latin words."""
    visible = "".join(
        character
        for character in unicodedata.normalize("NFC", text)
        if not _is_invisible(character)
    )
    words = " ".join(visible.translate(_DOTS).split())
    kept = {match.start() for match in _SPACE_BETWEEN_LATIN.finditer(words)}
    return "".join(
        character for place, character in enumerate(words) if character != " " or place in kept
    )


def check(text):
    """Raise ValidationError unless `text`, normalised before, can be a name."""
    if not text:
        raise ValidationError("请填写姓名。", code="empty")
    if len(text) > LONGEST:
        raise ValidationError(f"姓名最多 {LONGEST} 个字，您填了 {len(text)} 个。", code="length")
    if text.startswith(DOT) or text.endswith(DOT) or DOT * 2 in text:
        raise ValidationError("姓名中的「·」只能在两个字之间，且不能连写。", code="dot")
    if any(unicodedata.category(character) == "Co" for character in text):
        raise ValidationError(
            "姓名中有一个生僻字是用旧的内码输入的，别的系统认不出来。"
            "请换新的输入法重新输入这个字，输不出来的请联系人事处。",
            code="private_use",
        )
    if not all(_can_stand_in_a_name(character) for character in text):
        raise ValidationError("姓名中有数字或符号。请按身份证上的姓名填写。", code="characters")


def _is_invisible(character):
    """Format characters and the selectors of a glyph's variant: not part of the name."""
    return unicodedata.category(character) == "Cf" or character in _VARIATION_SELECTORS


_VARIATION_SELECTORS = frozenset(
    chr(code) for block in (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)) for code in block
)


def _can_stand_in_a_name(character):
    return (
        character in f"{DOT} 〇"
        or unicodedata.category(character).startswith("L")
        or 0x20000 <= ord(character) <= 0x3FFFF  # the ideographic planes, assigned or not yet
    )
