"""Inputs of forms in every room."""

import json
import re
import unicodedata

from django import forms

from apps.typed_text.plain_text import compact, visible

DATE_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"]
# Beyond these years somebody has mistyped, and no time zone can be applied at the far ends.
_FIRST_YEAR, _LAST_YEAR = 1900, 2099
_YUAN = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?")


class CompactField(forms.RegexField):
    """A short code, judged without the spaces and dashes that people put into it: 190 745.

    Full-width digits and letters are made half-width first.
    """

    def to_python(self, value):
        return compact(super().to_python(value))


class _Decoder(json.JSONDecoder):
    """Everything that cannot be read, written or stored is no JSON."""

    def decode(self, text, *options):
        try:
            found = super().decode(text, *options)
            json.dumps(found, ensure_ascii=False).encode()
        # Half of a pair of surrogates, a number of thousands of digits, brackets a thousand deep.
        except (ValueError, RecursionError) as error:
            raise json.JSONDecodeError("unreadable", text, 0) from error
        return found


class JsonField(forms.JSONField):
    """What a script of a page posts, in a hidden field. It can be anything."""

    def __init__(self, **options):
        super().__init__(decoder=_Decoder, widget=forms.HiddenInput, **options)


class DayField(forms.DateField):
    """A day of the last century or this one, also in full-width digits.

    `unmarked`: it may stay empty, and the page says when; the word 选填 would mislead.
    """

    def __init__(self, *, widget=None, unmarked=False, **options):
        self.unmarked = unmarked
        widget = widget or forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=DATE_FORMATS, **options)

    def to_python(self, value):
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", visible(value)).strip()
        day = super().to_python(value)
        if day is not None and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise forms.ValidationError("日期太远，请核对年份。", code="far")
        return day

    def bound_data(self, data, initial):
        """What the page shows again: a browser shows an empty box for a day in another spelling."""
        data = super().bound_data(data, initial)
        try:
            return self.to_python(data) or data
        except forms.ValidationError:
            return data


class YuanField(forms.CharField):
    """An amount as people type it, 10 or 10.5 or ¥10.00; cleaned to fen, or None when empty."""

    default_error_messages = {
        "invalid": "请填写 0 至 999.99 之间的金额，例如 10.00，最多两位小数。"
    }

    def __init__(self, **options):
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=20, widget=widget, **options)

    def clean(self, value):
        text = unicodedata.normalize("NFKC", super().clean(value)).strip()
        if not text:
            return None
        found = _YUAN.fullmatch(text.removesuffix("元").removeprefix("¥").strip())
        if found is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
