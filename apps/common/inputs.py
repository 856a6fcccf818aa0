"""Inputs of forms in every room."""

import unicodedata

from django import forms

from apps.common.plain_text import compact, visible

# Beyond these years somebody has mistyped, and no time zone can be applied at the far ends.
_FIRST_YEAR, _LAST_YEAR = 1900, 2099


class CompactField(forms.RegexField):
    """A short code, judged without the spaces and dashes that people put into it: 190 745.

    Full-width digits and letters are made half-width first.
    """

    def to_python(self, value):
        return compact(super().to_python(value))


class DayField(forms.DateField):
    """A day of the last century or this one, also in full-width digits."""

    def __init__(self, *, widget=None, **options):
        widget = widget or forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **options)

    def to_python(self, value):
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", visible(value)).strip()
        day = super().to_python(value)
        if day is not None and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise forms.ValidationError("日期太远，请核对年份。", code="far")
        return day
