import sys
import unicodedata

import pytest
from django import forms

from apps.typed_text import plain_text

INVISIBLE = [
    "\u200b\u2060",
    "\u202e\ufeff",
    "\x00\x07",
    "\u3164",
    "\u115f\u1160",
    "\ufe0f",
    "\ud800",
]


class Form(forms.Form):
    text = forms.CharField()
    address = forms.EmailField()
    day = forms.DateField()
    number = forms.IntegerField()
    password = forms.CharField(strip=False, widget=forms.PasswordInput)
    reason = forms.CharField(widget=forms.Textarea, required=False)


@pytest.mark.parametrize("typed", [*INVISIBLE, "\u2800", "\u00a0\u3000", "\u2028"])
def test_a_field_filled_only_with_invisible_characters_is_empty(typed):
    form = Form(dict.fromkeys(Form.base_fields, typed))
    assert not form.is_valid()
    codes = {name: errors.as_data()[0].code for name, errors in form.errors.items()}
    must = {"text", "address", "day", "number"} | ({"password"} if typed in INVISIBLE else set())
    assert {name for name, code in codes.items() if code == "required"} >= must
    assert form.cleaned_data["reason"] == ""


def test_invisible_marks_are_dropped_and_line_breaks_stay():
    typed = "一\u200b行\r\n二\x00行\x0b三\u2029四"
    form = Form({"text": typed, "reason": typed})
    form.is_valid()
    assert form.cleaned_data["reason"] == "一行\r\n二行 三\n四"
    assert form["text"].value() == "一行\r\n二行 三\n四"


def test_a_password_stays_as_it_was_typed():
    form = Form({"password": " a\u200db "})
    form.is_valid()
    assert form.cleaned_data["password"] == " a\u200db "


def test_dates_and_numbers_copied_with_marks_are_read():
    form = Form({"day": "\u200e2026-11-30\u200f", "number": "\ufeff12"})
    form.is_valid()
    assert {"day", "number"} <= form.cleaned_data.keys()


def test_no_character_that_can_be_seen_is_lost():
    lost = [
        chr(code)
        for code in range(sys.maxunicode)
        if unicodedata.category(chr(code))[0] in "NPS" and not plain_text.visible(chr(code))
    ]
    assert lost == ["\U0001d159"]  # a note without a head, drawn as nothing


@pytest.mark.parametrize(
    "typed", ["190745", "１９０７４５", "190 745", "190-745", "\u200e190\u00a0745", "١٩٠٧٤٥"]
)
def test_a_code_is_compact(typed):
    assert plain_text.compact(typed) == "190745"


def test_radicals_from_a_pdf_file_become_characters_in_every_text():
    form = Form({"text": "⼭东省⻓清区\uf98a⾏路"})
    form.is_valid()
    assert form.cleaned_data["text"] == "山东省长清区力行路"
