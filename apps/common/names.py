"""Names of Chinese citizens, of every ethnic group.

The dot in a name is U+00B7 (民委发〔2016〕33号); keyboards produce at least five others. Rare
characters lie outside the basic block, so no range of code points is used to judge a character.
"""

import unicodedata

from django.core.exceptions import ValidationError

LONGEST = 50
DOT = "·"
_DOTS = str.maketrans(dict.fromkeys("•・‧∙．⋅", DOT))


def normalise(text):
    """`text` as it is stored: NFC, one kind of dot, without spaces."""
    composed = unicodedata.normalize("NFC", text).translate(_DOTS)
    return "".join(character for character in composed if not character.isspace())


def check(text):
    """Raise ValidationError unless `text`, normalised, can be a name."""
    if not text:
        raise ValidationError("请填写姓名。", code="empty")
    if len(text) > LONGEST:
        raise ValidationError(f"姓名最多 {LONGEST} 个字，您填了 {len(text)} 个。", code="length")
    if text.startswith(DOT) or text.endswith(DOT) or DOT * 2 in text:
        raise ValidationError("姓名中的「·」只能在两个字之间，且不能连写。", code="dot")
    if not all(character == DOT or unicodedata.category(character).startswith("L")
               for character in text):
        raise ValidationError("姓名中有数字或符号。请按身份证上的姓名填写。", code="characters")
