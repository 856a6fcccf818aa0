"""Rows that a factory repeats are exactly those that the moves made."""

from collections import defaultdict

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import override_settings
from django.utils.timezone import get_default_timezone

from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.models import Card, CardRequest
from apps.events.models import Event
from apps.gateways import wire
from apps.people.models import Holder
from tests.factories import recorded
from tests.factories.cards import make_calm, make_card, make_draft, make_request
from tests.factories.formal_losses import make_formal_loss, make_lost_card, make_replacement_draft
from tests.factories.moments import AT
from tests.factories.payments import make_addressed, make_paid
from tests.factories.regions import make_city

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="rows are repeated on SQLite only"),
]


TABLES = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]


@pytest.fixture(autouse=True)
def repeated(monkeypatch):
    """The recordings that were repeated; in the beginning nothing is recorded."""
    found, repeat = [], recorded._repeat
    monkeypatch.setattr(recorded, "_recordings", defaultdict(list))
    monkeypatch.setattr(recorded, "_asked", set())
    monkeypatch.setattr(recorded, "_repeat", lambda one: found.append(one) or repeat(one))
    recorded.now.is_patched = False
    return found


def stored(table):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608
        return cursor.fetchall()


def undone(make):
    """What `make()` returned, and all rows as they are stored then. Then everything is undone."""
    with transaction.atomic():
        made = make()
        rows = {table: stored(table) for table in TABLES}
        transaction.set_rollback(True)
    return made, rows


def columns(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.sampled
@pytest.mark.parametrize(
    "make",
    [
        *(lambda status=status: make_request(status) for status in RequestStatus),
        *(lambda status=status: make_card(status) for status in CardStatus),
        lambda: make_addressed(RequestStatus.COLLECTED),
        make_calm,
        make_paid,
        make_formal_loss,
        make_lost_card,
        make_replacement_draft,
    ],
)
def test_the_second_time_the_same_rows_are_there(make, repeated):
    made, rows = undone(make)
    assert repeated == []
    again, rows_again = undone(make)
    assert len(repeated) == 1
    assert rows_again == rows
    assert columns(again) == columns(made)


def test_what_depends_on_the_time_is_recorded_when_it_comes_again(repeated):
    for _ in range(3):
        undone(lambda: make_request(RequestStatus.SUBMITTED, at=AT))
    assert len(repeated) == 1


def test_a_moment_stays_in_the_time_zone_in_which_it_is_given():
    in_beijing = AT.astimezone(get_default_timezone())
    for at in (in_beijing, in_beijing, AT, AT):
        made, _rows = undone(lambda at=at: make_card(at=at))
        assert made.status_since.utcoffset() == at.utcoffset()


def test_a_later_row_has_a_higher_key_and_is_another_person_s():
    for _ in range(2):  # made by the moves, then from the recordings of the first round
        with transaction.atomic():
            make_request(RequestStatus.APPROVED)
            make_card()
            make_request(RequestStatus.APPROVED)
            in_order = [RequestStatus.APPROVED, RequestStatus.COLLECTED, RequestStatus.APPROVED]
            requests = CardRequest.objects.order_by("pk")
            assert [one.status for one in requests] == in_order
            assert Holder.objects.count() == 3
            assert Event.objects.order_by("pk").last().subject_id == requests.last().pk
            assert Card.objects.get() == requests[1].card
            transaction.set_rollback(True)


def test_where_the_city_is_another_one_the_moves_are_made(repeated):
    undone(make_draft)
    make_city(name="别的城市", produce_days=2)
    assert make_draft().city.name == "别的城市"
    assert repeated == []


def test_with_another_setting_or_patched_code_the_moves_are_made(repeated, monkeypatch):
    undone(make_draft)
    with override_settings(LANGUAGE_CODE="en"):
        undone(make_draft)
    assert repeated == []
    undone(make_draft)
    assert len(repeated) == 1
    monkeypatch.setitem({}, "anything", "else")
    undone(make_draft)
    assert len(repeated) == 1


def test_calls_to_gateways_may_be_patched_because_no_recording_makes_one(repeated, monkeypatch):
    monkeypatch.setattr(wire, "post_form", lambda url, fields: "")
    monkeypatch.setattr(wire, "get_file", lambda url: b"")
    undone(make_paid)
    undone(make_paid)
    assert len(repeated) == 1
    call = recorded.recorded(lambda url: wire.post_form(url, {}))
    with pytest.raises(AssertionError, match="a recorded factory calls https://gateway/"):
        call("https://gateway/")


def test_with_an_object_that_the_test_has_made_the_moves_are_made(repeated):
    city = make_city()
    for _ in range(2):
        undone(lambda: make_draft(city=city))
    assert repeated == []


def test_a_factory_that_fails_is_not_recorded(repeated):
    for _ in range(2):
        with pytest.raises(ValueError, match="NOWHERE"), transaction.atomic():
            make_request("NOWHERE")
    assert repeated == []
    undone(make_draft)
    undone(make_draft)
    assert len(repeated) == 1
