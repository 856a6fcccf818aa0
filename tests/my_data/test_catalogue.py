"""Every column of every table is declared: as personal data in one category, or as none."""

from collections import Counter

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from apps.my_data import catalogue

MODELS = apps.get_models()


def columns(model):
    return [field.name for field in model._meta.concrete_fields if not field.primary_key]


def declared(label):
    found = [name for entry in catalogue.every() if entry.model == label for name in entry.fields]
    return Counter([*found, *catalogue.without().get(label, ())])


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_column_is_in_exactly_one_category(model):
    assert declared(model._meta.label) == Counter(columns(model))


def test_what_is_declared_exists():
    labels = {model._meta.label for model in MODELS}
    assert {entry.model for entry in catalogue.every()} | set(catalogue.without()) <= labels


@pytest.mark.parametrize("entry", catalogue.every(), ids=lambda e: f"{e.model}-{e.fields[0]}")
def test_what_is_declared_of_a_column_names_one_of_its_own(entry):
    names = {field.name for field in entry.table._meta.fields}
    own = {*entry.fields}
    assert set(entry.contact) <= own
    assert entry.written_by in names | {""}
    assert set(entry.texts) <= own


def test_a_term_counts_by_a_rule_of_the_portal():
    ruled = [entry.term.rule for entry in catalogue.every() if entry.term.rule]
    assert len(set(ruled)) > 10
    assert all(getattr(settings, rule) for rule in ruled)


def test_the_document_is_fresh():
    call_command("personal_data_table", check=True)
