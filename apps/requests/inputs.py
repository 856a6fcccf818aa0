"""Inputs that several forms of people share: a phone number, an address."""

import re

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from apps.common import writable
from apps.common.rules import rule_text
from apps.typed_text import phones

# Letters, digits and the few signs of an address; Chinese punctuation stays as it is.
_HALF_WIDTH = {
    **{code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)},
    **{code: code - 0xFEE0 for code in range(0xFF21, 0xFF3B)},
    **{code: code - 0xFEE0 for code in range(0xFF41, 0xFF5B)},
    0xFF03: "#",
    0xFF0B: "+",
    0xFF0D: "-",
    0x3000: " ",
}


def half_width(text):
    """`text` with full-width letters and digits made half-width, and outer spaces removed."""
    return text.translate(_HALF_WIDTH).strip()


class PhoneField(forms.CharField):
    """A mobile number of the mainland, stored as 11 digits; spaces, dashes and +86 are dropped."""

    def __init__(self, **options):
        attributes = {"inputmode": "tel", "autocomplete": "tel-national"}
        options.setdefault("widget", forms.TextInput(attrs=attributes))
        super().__init__(max_length=30, **options)

    def to_python(self, value):
        return phones.normalise(super().to_python(value))

    def validate(self, value):
        super().validate(value)
        if value:
            phones.check(value)


class AddressField(forms.CharField):
    """The place where somebody lives, as one line."""

    def __init__(self, **options):
        options.setdefault("widget", forms.TextInput(attrs={"autocomplete": "street-address"}))
        # Room for the counting message; the rule itself is below.
        super().__init__(max_length=300, **options)

    def to_python(self, value):
        return re.sub(r"\s+", " ", half_width(super().to_python(value)))

    def validate(self, value):
        super().validate(value)
        writable.check(value, "地址")
        if value and len(value) < settings.HOME_ADDRESS_MIN_CHARACTERS:
            raise ValidationError(
                "地址太短，请从省、市写到门牌号，"
                f"至少 {rule_text('HOME_ADDRESS_MIN_CHARACTERS', gap=' ')}。",
                code="short",
            )
        if len(value) > settings.HOME_ADDRESS_MAX_CHARACTERS:
            raise ValidationError(
                f"地址最多 {rule_text('HOME_ADDRESS_MAX_CHARACTERS', gap=' ')}，"
                f"您填了 {len(value)} 个字，请删减。",
                code="long",
            )
