"""The lists of the admin: each can be searched and narrowed by everything that it offers."""

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse

from tests.factories.people import make_user

pytestmark = pytest.mark.django_db

LISTS = {
    model: f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    for model in admin.site._registry
}


@pytest.fixture
def root(client):
    user = make_user(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.label)
def test_a_list_can_be_searched(client, root, model):
    assert client.get(reverse(LISTS[model]), {"q": "370112"}).status_code in (200, 302)


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.label)
def test_a_list_can_be_narrowed_by_each_choice_of_its_filters(client, root, model):
    request = RequestFactory().get("/")
    request.user = root
    changes = admin.site._registry[model].get_changelist_instance(request)
    for spec in changes.filter_specs:
        for choice in spec.choices(changes):
            query = choice["query_string"]
            assert client.get(reverse(LISTS[model]) + query).status_code == 200, query
