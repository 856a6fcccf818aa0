"""What can be written on an envelope and printed by the other side: no pictures."""

import unicodedata

from django.core.exceptions import ValidationError

# Drawn signs, private and unassigned characters. Han of planes newer than this Python stay.
_DRAWN = {"So", "Co", "Cn"}
_HAN_PLANES = range(0x20000, 0x40000)


def check(text, label):
    """Raise ValidationError that names the first character of `text` that cannot be written."""
    for character in text:
        if _is_drawn(character):
            raise ValidationError(
                f"{label}中不能有「{character}」这样的图形符号，请删去，或改成文字。",
                code="unwritable",
            )


def _is_drawn(character):
    # № and ㎡ are short for letters.
    is_short = unicodedata.normalize("NFKC", character) != character
    return (
        unicodedata.category(character) in _DRAWN
        and not is_short
        and ord(character) not in _HAN_PLANES
    )
