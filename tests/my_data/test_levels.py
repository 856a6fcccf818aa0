"""Each column of personal data has a level, and what is sealed has the highest."""

import pytest
from django.apps import apps
from django.db.models import FileField

from apps.encryption.fields import EncryptedTextField
from apps.my_data import catalogue
from apps.my_data.levels import Level, highest, level_of

ENTRIES = [(entry, name) for entry in catalogue.every() for name in entry.fields]


def level(model, name):
    return {
        level_of(entry, name) for entry, column in ENTRIES if (entry.model, column) == (model, name)
    }


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("people.Holder", "id_number"),
        ("people.Holder", "birth_date"),
        ("people.Holder", "reference_photo"),
        ("cards.Card", "card_number"),
        ("requests.PictureTrace", "trace"),
        ("requests.Particulars", "occupation"),
    ],
)
def test_what_is_sealed_or_wants_a_consent_of_its_own_is_sensitive(model, name):
    assert level(model, name) == {Level.SENSITIVE}


def test_a_name_is_personal_and_not_sealed():
    assert level("people.Holder", "name") == {Level.PERSONAL}


def test_every_sealed_column_is_of_the_highest_level_or_about_nobody():
    about_nobody = {(model, name) for model, names in catalogue.without().items() for name in names}
    sealed = [
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, EncryptedTextField | FileField)
    ]
    assert len(sealed) > 30
    for model, name in sealed:
        assert (model, name) in about_nobody or level(model, name) == {Level.SENSITIVE}


def test_an_entry_has_the_level_of_its_most_protected_column():
    for entry in catalogue.every():
        levels = {level_of(entry, name) for name in entry.fields}
        assert (highest(entry) is Level.SENSITIVE) == (Level.SENSITIVE in levels)
