"""No page shows the key of a row: neither an address nor a form."""

import re

import pytest
from django import forms
from django.db import models
from django.urls import get_resolver

from apps.encryption import public_keys
from apps.people.models import Holder, User
from tests.factories.people import make_user
from tests.source_code import templates

# Written into a form, a link or a query string.
KEY = re.compile(
    r"""(value|href|action)="(?!#)[^"]*{{[^}]*\.(pk|id)(\|[^}]*)? *}}|=\{\{[^}]*\.(pk|id) *\}\}"""
)


def test_no_template_writes_a_key():
    assert [name for name, text in templates().items() if KEY.search(text)] == []


def every_form(kind=forms.BaseForm):
    for form in kind.__subclasses__():
        yield form
        yield from every_form(form)


def test_no_form_offers_rows_by_a_number():
    """Areas and banks have official codes; other rows a reference, or their key encrypted."""
    assert get_resolver().url_patterns  # every room's forms are loaded
    offences = []
    for form in every_form():
        # The admin makes the fields of its own forms anew.
        if not form.__module__.startswith("apps.") or form.__name__ == "AccountForm":
            continue
        for name, field in form.base_fields.items():
            is_choice = isinstance(field, forms.ModelChoiceField)
            if not is_choice or isinstance(field, public_keys.RowField) or field.to_field_name:
                continue
            if isinstance(field.queryset.model._meta.pk, models.AutoField):
                offences.append(f"{form.__module__}.{form.__qualname__}.{name}")
    assert offences == []


@pytest.mark.django_db
def test_a_row_is_chosen_by_its_encrypted_key_only():
    user = make_user()
    field = public_keys.RowField(User.objects.all(), required=False)
    key = public_keys.of(user)
    assert str(user.pk) != key
    assert (field.clean(key), field.clean("")) == (user, None)
    assert key in str(field.widget.render("who", user.pk))
    for typed in (str(user.pk), public_keys.sealed("people.holder", user.pk), "x", "\0", key + "a"):
        with pytest.raises(forms.ValidationError):
            field.clean(typed)


def test_what_is_no_key_names_no_row():
    key = public_keys.sealed("people.user", 7)
    assert public_keys.in_data({"row": key}, "row", User) == 7
    for data in (
        {},
        {"row": "7"},
        {"row": "７"},
        {"row": key[:-1]},
        {"row": "\0"},
        {"row": "9" * 99},
    ):
        assert public_keys.in_data(data, "row", User) is None
    assert public_keys.in_data({"row": key}, "row", Holder) is None
