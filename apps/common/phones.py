"""Mobile numbers of the mainland. The ranges of the carriers grow, so only the shape is judged."""

import re
import unicodedata

from django.core.exceptions import ValidationError

LENGTH = 11
_SHAPE = re.compile(rf"1[3-9][0-9]{{{LENGTH - 2}}}")


def normalise(text):
    """`text` as it is stored: half-width, without +86, spaces, dashes and invisible marks."""
    number = "".join(
        character
        for character in unicodedata.normalize("NFKC", text)
        if not character.isspace() and unicodedata.category(character) not in {"Cf", "Pd"}
    )
    return number.removeprefix("+86")


def is_mobile(text):
    """Whether `text`, normalised before, can be a mobile number."""
    return bool(_SHAPE.fullmatch(text))


def check(text):
    """Raise ValidationError unless `text`, normalised before, can be a mobile number."""
    if not is_mobile(text):
        raise ValidationError(f"手机号应为 {LENGTH} 位数字，以 1 开头。请核对。", code="phone")
