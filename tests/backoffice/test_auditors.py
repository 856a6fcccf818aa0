"""What auditors read in the admin, and that nobody changes it there."""

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from apps.bureau import production
from apps.bureau.models import SimulatedJob
from apps.cards.enums import RequestStatus
from apps.cards.models import Card, CardRequest
from apps.events.models import Event
from apps.notices.models import Notice
from apps.requests.models import Amendment
from tests.factories.cards import AT, make_card, make_request
from tests.factories.people import grant, make_user
from tests.shown import send

pytestmark = pytest.mark.django_db

READ_ONLY = [
    Amendment,
    Card,
    Event,
    Notice,
]


@pytest.fixture
def auditor(client):
    user = make_user(is_staff=True)
    names = [f"view_{model._meta.model_name}" for model in [*READ_ONLY, SimulatedJob]]
    grant(user, *names)
    client.force_login(user)
    return client


@pytest.fixture
def root(client):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


def page(model, name, *args):
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=args)


def production_of_everything():
    card = make_card()
    make_request(RequestStatus.NEEDS_AMENDMENT)
    make_request(RequestStatus.APPROVED)
    at = timezone.now()
    production.make_batch(at=at, limit=10)
    production.submit_batches(at=at, limit=10)
    return card


@pytest.mark.parametrize("model", READ_ONLY, ids=lambda model: model.__name__)
def test_an_auditor_reads_the_list(auditor, model):
    production_of_everything()
    assert auditor.get(page(model, "changelist")).status_code == 200


@pytest.mark.parametrize("model", [Card, Event, Amendment])
def test_an_auditor_reads_one_row_without_a_form(auditor, model):
    production_of_everything()
    answer = auditor.get(page(model, "change", model.objects.first().pk))
    assert answer.status_code == 200
    assert "_save" not in answer.content.decode()


@pytest.mark.parametrize("model", [*READ_ONLY, CardRequest], ids=lambda model: model.__name__)
def test_not_even_a_superuser_adds_changes_or_deletes(model):
    request = RequestFactory().get("/")
    request.user = make_user(is_staff=True, is_superuser=True)
    table = admin.site.get_model_admin(model)
    assert not table.has_add_permission(request)
    assert not table.has_change_permission(request)
    assert not table.has_delete_permission(request)
    assert table.get_actions(request) == {}


def test_a_card_number_is_masked_in_the_list_and_on_the_page(auditor):
    card = production_of_everything()
    for address in (page(Card, "changelist"), page(Card, "change", card.pk)):
        html = auditor.get(address).content.decode()
        assert f"*****{card.card_number[-4:]}" in html
        assert card.card_number not in html


def test_an_auditor_is_no_reviewer(auditor):
    assert auditor.get(page(CardRequest, "changelist")).status_code == 403


def test_6_events_cost_as_many_queries_as_2(auditor, django_assert_num_queries):
    make_request(RequestStatus.SUBMITTED, at=AT)
    address = page(Event, "changelist")
    auditor.get(address)
    with django_assert_num_queries(5) as two:
        auditor.get(address)
    for _ in range(2):
        make_request(RequestStatus.SUBMITTED, at=AT)
    with django_assert_num_queries(len(two)):
        auditor.get(address)


@pytest.mark.parametrize("is_demo", [True, False])
def test_a_failure_of_production_is_ordered_in_a_demonstration_only(root, settings, is_demo):
    settings.DEMO = is_demo
    production_of_everything()
    job = SimulatedJob.objects.get()
    typed = {"is_faulty": "on", "order_reference": "forged"}
    answer = send(root, page(SimulatedJob, "change", job.pk), typed)
    assert answer.status_code == (302 if is_demo else 403)
    reference = job.order_reference
    job.refresh_from_db()
    assert (job.is_faulty, job.order_reference) == (is_demo, reference)
