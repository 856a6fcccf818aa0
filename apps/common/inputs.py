"""Inputs of forms in every room."""

from django import forms

from apps.common.plain_text import compact


class CompactField(forms.RegexField):
    """A short code, judged without the spaces and dashes that people put into it: 190 745.

    Full-width digits and letters are made half-width first.
    """

    def to_python(self, value):
        return compact(super().to_python(value))
