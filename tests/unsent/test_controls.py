"""Inputs and drop-down lists read as Django draws them, in every form of the portal."""

from datetime import date

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from apps.unsent.controls import DRAWN, CodeSelect


def ours_and_djangos(widget, value, attrs):
    context = widget.get_context("some<name", value, attrs)
    ours = widget.render("some<name", value, attrs)
    djangos = DjangoTemplates().render(widget.template_name, context)
    return "".join(ours.split()), "".join(djangos.split())


def test_a_drop_down_list_reads_as_django_draws_it():
    """Groups, the chosen one, other attributes, and labels that look like markup."""
    choices = [("", "请选择"), ("1", "<b>"), ("2", "&"), ("组", [("3", "汉"), (4, "满")])]
    widget = forms.Select(choices=choices)
    ours, djangos = ours_and_djangos(widget, 4, {"id": "id_people", "disabled": True})
    assert ours == djangos
    assert '<optionvalue="4"selected>满</option>' in ours
    ours, djangos = ours_and_djangos(forms.SelectMultiple(choices=choices), ["1", "2"], {})
    assert ours == djangos
    assert ours.count("selected") == 2


@pytest.mark.parametrize("value", [None, "", "2", 2, '"><script>'])
def test_a_code_table_reads_as_any_drop_down_list(value):
    choices = [("", "请选择"), ("1", "<b>"), ("2", "&"), ("3", "汉")]
    attrs = {"id": "id_people", "disabled": True, "required": True}
    own, djangos = (
        widget(choices=choices).render("some<name", value, attrs)
        for widget in (CodeSelect, forms.Select)
    )
    assert own == djangos


WIDGETS = [
    forms.TextInput,
    forms.NumberInput,
    forms.EmailInput,
    forms.URLInput,
    forms.TelInput,
    forms.SearchInput,
    forms.PasswordInput,
    forms.HiddenInput,
    forms.DateInput,
    forms.TimeInput,
    forms.CheckboxInput,
]


@pytest.mark.parametrize("widget", WIDGETS)
@pytest.mark.parametrize(
    "value",
    [None, "", "张超", '"><script>', mark_safe("&lt;"), 12, True, False, date(2026, 11, 20)],
)
def test_an_input_reads_as_django_draws_it(widget, value):
    attrs = {"id": "id_one", "aria-label": '"<&', "required": True, "disabled": False, "size": 4}
    ours, djangos = ours_and_djangos(widget(), value, attrs)
    assert ours == djangos


def test_each_of_them_is_drawn_by_python():
    assert {widget().template_name for widget in (*WIDGETS, forms.Select)} == set(DRAWN)


def test_how_long_a_text_may_be_is_not_told_to_the_browser():
    """A browser cuts a pasted text there and says nothing."""
    field = type("Named", (forms.Form,), {"name": forms.CharField(max_length=5)})()["name"]
    assert "maxlength" not in str(field)
