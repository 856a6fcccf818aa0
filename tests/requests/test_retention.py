"""What the agreements promise to delete of a request is deleted in time, and nothing before."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from apps.cards.enums import RequestStatus
from apps.common.moments import kept_until
from apps.events.models import Event
from apps.requests import retention
from apps.requests.models import Particulars
from tests.factories.cards import COMPLETE, make_request
from tests.factories.people import make_holder
from tests.requests.keeping import LIMIT, TICK, end_of, saved, sweep, with_pictures

pytestmark = pytest.mark.django_db


def test_what_was_filled_in_goes_after_its_time_and_the_record_stays():
    holder = make_holder()
    card_request = make_request(RequestStatus.COLLECTED, holder=holder)
    with_pictures(card_request)
    events = list(Event.objects.order_by("pk").values())
    due = kept_until(end_of(card_request), settings.DATA_RETENTION)
    sweep(due - TICK)
    assert saved(card_request).phone == COMPLETE["phone"]
    assert saved(card_request).forgotten_at is None
    sweep(due)
    row = saved(card_request)
    assert row.forgotten_at == due
    emptied = [row.name, row.id_number, row.phone, row.address, row.typed, row.ethnicity]
    assert emptied + [row.occupation, row.household_type] == [""] * 8
    assert (row.birth_date, row.id_valid_from, row.id_valid_until) == (None, None, None)
    assert list(Event.objects.order_by("pk").values()) == events
    card_request.refresh_from_db()
    assert (card_request.holder, card_request.status) == (holder, RequestStatus.COLLECTED)


def test_nothing_of_the_person_is_left_in_any_column_of_the_row():
    card_request = make_request(RequestStatus.COLLECTED)
    with_pictures(card_request)
    holder = card_request.holder
    sweep(kept_until(end_of(card_request), settings.DATA_RETENTION))
    left = str(Particulars.objects.filter(card_request=card_request).values().get())
    for secret in (holder.name, holder.id_number, COMPLETE["phone"], COMPLETE["address"], "1985"):
        assert secret not in left


def test_forgetting_twice_keeps_the_first_moment():
    card_request = make_request(RequestStatus.LAPSED)
    due = kept_until(end_of(card_request), settings.DATA_RETENTION)
    sweep(due)
    sweep(due + timedelta(days=1))
    assert saved(card_request).forgotten_at == due


def test_particulars_wait_for_their_pictures():
    card_request = make_request(RequestStatus.LAPSED)
    with_pictures(card_request)
    due = kept_until(end_of(card_request), settings.DATA_RETENTION)
    assert retention.forget_particulars(at=due, limit=LIMIT) == 0
    retention.forget_portraits(at=due, limit=LIMIT)
    assert retention.forget_particulars(at=due, limit=LIMIT) == 1


def test_particulars_are_forgotten_within_the_limit():
    requests = [make_request(RequestStatus.WITHDRAWN) for _ in range(3)]
    at = kept_until(end_of(requests[-1]), settings.DATA_RETENTION)
    retention.forget_portraits(at=at, limit=LIMIT)
    counts = [retention.forget_particulars(at=at, limit=2) for _ in range(3)]
    assert counts == [2, 1, 0]


@pytest.mark.parametrize(
    "value", [{"phone": "13800138000"}, {"name": "张超"}, {"portrait": "portraits/x.jpg"}]
)
def test_the_database_refuses_a_forgotten_row_that_holds_something(value):
    card_request = make_request(RequestStatus.WITHDRAWN)
    sweep(kept_until(end_of(card_request), settings.DATA_RETENTION))
    with pytest.raises(IntegrityError), transaction.atomic():
        Particulars.objects.filter(card_request=card_request).update(**value)
