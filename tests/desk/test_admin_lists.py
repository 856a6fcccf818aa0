"""The lists of the admin: each can be searched and narrowed by everything that it offers."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user
from django.db.models import DateField
from django.test import RequestFactory
from django.urls import get_resolver, reverse

from apps.cards.models import Card, CardRequest
from apps.people.models import Holder, User
from tests.factories.people import make_holder, make_user

pytestmark = pytest.mark.django_db

assert get_resolver().url_patterns  # every list is registered
LISTS = {
    model: f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    for model in admin.site._registry
}


@pytest.fixture
def root(client):
    user = make_user(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.mark.sampled
@pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.label)
def test_a_list_can_be_searched(client, root, model):
    assert client.get(reverse(LISTS[model]), {"q": "370112"}).status_code in (200, 302)


@pytest.mark.sampled
@pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.label)
def test_a_list_can_be_narrowed_by_each_choice_of_its_filters(client, root, model):
    request = RequestFactory().get("/")
    request.user = root
    changes = admin.site._registry[model].get_changelist_instance(request)
    for spec in changes.filter_specs:
        for choice in spec.choices(changes):
            query = choice["query_string"]
            assert client.get(reverse(LISTS[model]) + query).status_code == 200, query


def columns_of(model):
    """Its columns, and those of the people to whom it leads."""
    for field in model._meta.concrete_fields:
        yield field.name
        if field.is_relation and field.related_model in (Holder, Card, CardRequest, User):
            for further in field.related_model._meta.concrete_fields:
                yield f"{field.name}__{further.name}"


ORACLES = {"startswith": "3", "lte": "2000-01-01", "regex": "(((", "gt": "0", "contains": "1"}


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.label)
def test_a_list_answers_no_question_that_its_filters_do_not_ask(client, root, model):
    """Else a masked column could be read digit by digit from how many rows are found."""
    request = RequestFactory().get("/")
    request.user = root
    model_admin = admin.site._registry[model]
    # The form of a filter, of a column that it does not name.
    assert not model_admin.lookup_allowed("id__exact", "1", request)
    answered = [
        f"?{column}__{lookup}"
        for column in columns_of(model)
        for lookup, value in ORACLES.items()
        if model_admin.lookup_allowed(f"{column}__{lookup}", value, request)
    ]
    assert answered == []


def test_a_question_that_no_filter_asks_is_refused(client, root):
    for query in ({"birth_date__lte": "1970-01-01"}, {"name__regex": "((("}):
        assert client.get(reverse(LISTS[Holder]), query).status_code == 400


# What no filter declares, and input at which Django or a database might stumble.
UNDECLARED = [
    {"birth_date__lte": "1970-01-01"},
    {"card_number__startswith": "A"},
    {"name__regex": "((("},
    {"holder__name__startswith": "张"},
    {"holder__phone__isnull": "1"},
    {"user__password__startswith": "pbkdf2"},
    {"id__in": "x"},
    {"pk__gt": "1"},
    {"id__exact": "1"},
    {"__": "1"},
    {"status_since__year": "99999999999999999999"},
]
ODD = [
    {"q": "\x00"},
    {"q": "'\"%_\\);--"},
    {"q": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1") + "９" * 500},
    {"o": "999.-999"},
    {"o": "-.x..1"},
    {"p": "x"},
    {"p": "-1"},
    {"p": "99999999999999999999"},
    {"all": "1"},
    {"e": "1"},
    {"_to_field": "password"},
    {"_to_field": "id_number", "_popup": "1"},
    {"_facets": "x"},
    {"_changelist_filters": "name__regex=((("},
]
ACTIONS = [
    {"action": "no_such_action", "_selected_action": "1", "index": "0"},
    {"action": "delete_selected", "_selected_action": ["x", "1"], "index": "x"},
    {"action": "delete_selected", "_selected_action": "1", "post": "yes"},
    {"_save": "1", "form-TOTAL_FORMS": "x", "form-INITIAL_FORMS": "-1"},
]


def odd_days(model, user):
    """Days at the ends of the calendar, of each list that is narrowed by days."""
    request = RequestFactory().get("/")
    request.user = user
    for chosen in admin.site._registry[model].get_list_filter(request):
        columns = {field.name: field for field in model._meta.concrete_fields}
        if isinstance(columns.get(chosen if isinstance(chosen, str) else ""), DateField):
            for day in ("0001-01-01", "9999-12-31 23:59:59-12:00", "x", "\x00", "2026-13-01"):
                yield {f"{chosen}__gte": day}
                yield {f"{chosen}__lt": day}


def asked(model, client):
    """What the list of `model` answers wrongly to all that nobody who uses the page asks."""
    url = reverse(LISTS[model])
    total = model._default_manager.count()
    for query in UNDECLARED:
        # Refused, or, by a list that is ours and reads its own filters only, ignored.
        response = client.get(url, query)
        if response.status_code == 200 and response.context.get("cl"):
            yield query
        elif response.status_code >= 500:
            yield query, response.status_code
    for query in [*ODD, *odd_days(model, get_user(client))]:
        if (code := client.get(url, query).status_code) >= 500:
            yield query, code
    for data in ACTIONS:
        if (code := client.post(url, data).status_code) >= 500:
            yield data, code
    if model._default_manager.count() != total:
        yield "a row is gone"


@pytest.mark.parametrize(
    "model",
    [pytest.param(model, marks=[] if model is Holder else pytest.mark.slow) for model in LISTS],
    ids=lambda model: model._meta.label,
)
def test_a_list_is_no_oracle_and_no_odd_question_breaks_it(client, root, model):
    make_holder()
    assert list(asked(model, client)) == []


def test_no_row_is_found_by_a_term_or_by_its_key(client, root):
    for address in ("/admin/autocomplete/?app_label=people&term=a", "/admin/r/1/1/"):
        assert client.get(address).status_code == 404
