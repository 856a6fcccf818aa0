"""What stood there before an amendment is kept for the next reviewer, and forgotten in time."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse

from apps.application import portraits
from apps.cards.enums import RequestStatus
from apps.common.moments import kept_until
from apps.requests import retention, services
from apps.requests.models import Amendment, DiscardedFile, Particulars
from apps.requests.models.particulars import portrait_path
from apps.verification import faces
from tests.application.pictures import upload
from tests.factories.cards import AT, COMPLETE, ask, make_request, reject

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
LIMIT = 100
PHONE_AND_VALIDITY = [
    {"field": "phone", "reason": "手机号打不通"},
    {"field": "id_valid", "reason": "看不清"},
]
PORTRAIT = [{"field": "portrait", "reason": "背景不是白色"}]


@pytest.fixture(autouse=True)
def _no_faces(monkeypatch):
    monkeypatch.setattr(faces, "is_available", lambda: False)


def asked(items):
    card_request = make_request(RequestStatus.ACCEPTED)
    name = default_storage.save(portrait_path(None, ""), ContentFile(b"the first portrait"))
    Particulars.objects.filter(card_request=card_request).update(portrait=name, portrait_source="")
    ask(card_request, at=AT + HOUR, items=items)
    return card_request


def replace_portrait(card_request):
    """As the assistant's pages do; returns the name of the new file."""
    who = {"by": card_request.applicant, "at": AT + HOUR}
    portraits.keep_upload(card_request=card_request, upload=upload(), **who)
    crop = card_request.particulars.portrait_crop
    portraits.use(card_request=card_request, **crop, **who)
    return card_request.particulars.portrait.name


def kept(card_request):
    return Amendment.objects.get(card_request=card_request)


def test_the_named_columns_are_kept_and_no_others():
    card_request = asked(PHONE_AND_VALIDITY)
    assert kept(card_request).values_before == {
        "phone": COMPLETE["phone"],
        "id_valid_from": "2020-01-01",
        "id_valid_until": "2040-01-01",
    }
    assert not kept(card_request).portrait_before


def test_the_answer_does_not_change_what_was_kept():
    card_request = asked(PHONE_AND_VALIDITY)
    later = AT + 2 * HOUR
    services.amend(
        card_request=card_request,
        values={"phone": "13900139000"},
        by=card_request.applicant,
        at=later,
    )
    assert kept(card_request).values_before["phone"] == COMPLETE["phone"]
    assert Particulars.objects.get(card_request=card_request).phone == "13900139000"


def test_what_was_kept_is_encrypted():
    card_request = asked(PHONE_AND_VALIDITY)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT before FROM requests_amendment WHERE card_request_id = %s", [card_request.pk]
        )
        [(stored,)] = cursor.fetchall()
    assert stored
    assert COMPLETE["phone"] not in stored


@pytest.mark.django_db(transaction=True)
def test_the_earlier_portrait_stays_when_a_new_one_is_chosen():
    card_request = asked(PORTRAIT)
    first = kept(card_request).portrait_before.name
    second = replace_portrait(card_request)
    third = replace_portrait(card_request)
    assert kept(card_request).portrait_before.name == first
    assert default_storage.exists(first)
    assert default_storage.exists(third)
    assert not default_storage.exists(second)


@pytest.mark.django_db(transaction=True)
def test_the_earlier_portrait_goes_with_the_portrait():
    card_request = asked(PORTRAIT)
    first, second = kept(card_request).portrait_before.name, replace_portrait(card_request)
    card_request.refresh_from_db()
    reject(card_request, at=AT + 2 * HOUR)
    due = kept_until(AT + 2 * HOUR, settings.PORTRAIT_RETENTION)
    retention.forget_portraits(at=due, limit=LIMIT)
    retention.delete_discarded_files(at=due, limit=LIMIT)
    assert not kept(card_request).portrait_before
    assert not default_storage.exists(first)
    assert not default_storage.exists(second)


def test_a_portrait_that_was_never_replaced_is_discarded_once():
    card_request = asked(PORTRAIT)
    reject(card_request, at=AT + 2 * HOUR)
    due = kept_until(AT + 2 * HOUR, settings.PORTRAIT_RETENTION)
    retention.forget_portraits(at=due, limit=LIMIT)
    assert DiscardedFile.objects.count() == 1


def test_the_earlier_values_go_with_the_particulars_and_not_before():
    card_request = asked(PHONE_AND_VALIDITY)
    reject(card_request, at=AT + 2 * HOUR)
    due = kept_until(AT + 2 * HOUR, settings.DATA_RETENTION)
    for moment, is_kept in ((due - timedelta(seconds=1), True), (due, False)):
        retention.forget_portraits(at=moment, limit=LIMIT)
        retention.forget_particulars(at=moment, limit=LIMIT)
        assert bool(kept(card_request).before) == is_kept
    assert kept(card_request).values_before == {}
    assert kept(card_request).items == PHONE_AND_VALIDITY


def test_the_admin_shows_no_earlier_value(admin_client):
    card_request = asked(PHONE_AND_VALIDITY)
    page = admin_client.get(
        reverse("admin:requests_amendment_change", args=[kept(card_request).pk])
    )
    assert COMPLETE["phone"] not in page.content.decode()
