"""Keys of rows in addresses, and that no address of the admin shows one."""

import re

import pytest
from django.urls import URLResolver, get_resolver, resolve, reverse
from django.urls.converters import IntConverter, PathConverter

from apps.encryption.public_keys import opened, sealed
from tests.factories.people import make_holder


@pytest.mark.parametrize("key", [1, 17, 10**16 - 1, "370100"])
def test_a_key_comes_back_and_says_nothing(key):
    text = sealed("people.holder", key)
    assert re.fullmatch("[a-z2-7]{26}", text)
    assert opened("people.holder", text) == str(key)
    assert sealed("cards.card", key) != text


def test_what_was_made_up_or_belongs_to_another_model_is_no_key():
    for text in ("a" * 26, sealed("cards.card", 17), "7" * 26):
        with pytest.raises(ValueError, match="no key"):
            opened("people.holder", text)


@pytest.mark.django_db
def test_a_page_of_a_row_is_called_by_an_encrypted_key():
    holder = make_holder()
    address = reverse("admin:people_holder_change", args=[holder.pk])
    assert f"/{holder.pk}/" not in address
    assert resolve(address).kwargs == {"object_id": str(holder.pk)}


def plain_converters(patterns=None):
    """(route, argument) of all that a URL takes as a number or as any path."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from plain_converters(pattern.url_patterns)
            continue
        for argument, converter in pattern.pattern.converters.items():
            if isinstance(converter, IntConverter | PathConverter):
                yield str(pattern.pattern), argument


def test_no_url_takes_a_key_as_it_is():
    taken = {argument for _, argument in plain_converters()}
    assert taken <= {"number", "year"}  # of a picture in a registration; of a calendar
