"""A set is moved like one row: same events, same checks. A bad row does not stop the others."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.db.models import F

from apps.cards.enums import CardAction, CardStatus, RequestAction, RequestStatus
from apps.cards.models import Card, CardRequest
from apps.common.deadlines import Deadline
from apps.common.refusals import Refused
from apps.events.enums import AS_WORKER, Role
from apps.events.models import Event
from apps.lifecycle import sweep
from apps.lifecycle.models import Setback
from apps.lifecycle.refusals import NotAllowed
from apps.lifecycle.sweep import move_all
from apps.lifecycle.writing import Own
from tests.database import PLANNED
from tests.factories.cards import AT, make_card, make_request

pytestmark = pytest.mark.django_db

AFTER = AT + timedelta(days=30)


def suspended(number):
    return [make_card(CardStatus.SUSPENDED) for _ in range(number)]


def due():
    return Card.objects.suspension_over(AFTER).order_by("suspended_until", "pk")


def expire(rows=None, **options):
    return move_all(
        due() if rows is None else rows,
        CardAction.EXPIRE,
        at=AFTER,
        due_at=F("suspended_until"),
        **AS_WORKER | options,
    )


def test_every_row_moves_with_the_event_that_a_single_move_writes():
    cards = suspended(3)
    ends = {card.pk: card.suspended_until for card in cards}
    assert expire().done == 3
    for card in cards:
        card.refresh_from_db()
        event = card.events.last()
        assert (card.status, card.status_since) == (CardStatus.ACTIVE, AFTER)
        assert card.suspended_until is None
        assert (event.action, event.from_status, event.to_status) == (
            "EXPIRE",
            "SUSPENDED",
            "ACTIVE",
        )
        assert (event.at, event.due_at) == (AFTER, ends[card.pk])
        assert (event.reference, event.holder_id) == (card.reference, card.holder_id)
        assert (event.by, event.role, event.channel) == (None, Role.WORKER, "WORKER")
        assert (event.reason, event.facts) == ("", {})


def test_twice_changes_nothing_more():
    suspended(2)
    expire()
    events = Event.objects.count()
    assert expire().done == 0
    assert Event.objects.count() == events


def test_rows_in_another_status_stay():
    card = make_card(CardStatus.ACTIVE)
    assert expire(Card.objects.all()).done == 0
    card.refresh_from_db()
    assert card.status == CardStatus.ACTIVE


def test_a_thousand_at_a_time_until_nothing_is_left(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(sweep, "CHUNK", 2)
    suspended(5)
    assert expire().done == 5
    with django_assert_num_queries(3):  # a savepoint around one look
        assert expire().done == 0


def test_the_same_number_of_statements_for_2_and_6_rows(django_assert_num_queries):
    suspended(2)
    with django_assert_num_queries(7 + PLANNED):
        expire()
    suspended(6)
    with django_assert_num_queries(7 + PLANNED):
        expire()


def test_no_more_than_the_limit():
    suspended(3)
    assert expire(limit=2).done == 2
    assert due().count() == 1


def test_no_further_thousand_after_the_deadline():
    suspended(1)
    assert expire(deadline=Deadline(-1)).done == 0
    assert expire(deadline=Deadline(60)).done == 1


def test_a_role_that_may_not_is_refused():
    suspended(1)
    with pytest.raises(NotAllowed):
        expire(role=Role.REVIEWER)


def refuse_one(bad):
    def each(rows):
        return {
            row.pk: Refused("照片文件不见了。") if row.pk == bad.pk else Own(reason="已核对")
            for row in rows
        }

    return each


def test_a_row_that_cannot_go_keeps_its_reason_and_stops_nobody():
    bad, good = suspended(2)
    found = expire(each=refuse_one(bad))
    assert (found.done, found.left) == (1, {bad.pk: "照片文件不见了。"})
    setback = Setback.objects.get()
    assert (setback.subject_kind, setback.subject_id) == ("card", bad.pk)
    assert setback.reason == "照片文件不见了。"
    assert good.events.last().reason == "已核对"
    bad.refresh_from_db()
    assert bad.status == CardStatus.SUSPENDED


def test_a_setback_is_tried_again_after_a_pause_and_goes_with_success():
    (bad,) = suspended(1)
    expire(each=refuse_one(bad))
    assert expire().done == 0
    Setback.objects.update(next_try_at=AFTER)
    expire(each=refuse_one(bad))
    assert Setback.objects.get().tries == 2
    Setback.objects.update(next_try_at=AFTER)
    assert expire().done == 1
    assert not Setback.objects.exists()


def test_an_error_in_the_middle_of_a_set_leaves_only_its_row():
    cards = suspended(5)
    bad = cards[3]

    def then(pks):
        if bad.pk in pks:
            raise IntegrityError

    found = expire(then=then)
    assert (found.done, found.left) == (4, {bad.pk: "IntegrityError"})
    assert set(Card.objects.filter(status=CardStatus.ACTIVE)) == set(cards) - {bad}
    assert not bad.events.filter(action="EXPIRE").exists()


def test_each_row_may_have_columns_of_its_own():
    requests = [make_request(RequestStatus.PRODUCED) for _ in range(2)]
    numbers = {card_request.pk: f"10000{card_request.pk}" for card_request in requests}
    move_all(
        CardRequest.objects.filter(pk__in=numbers),
        RequestAction.DISPATCH,
        at=AFTER,
        each=lambda rows: {
            row.pk: Own({"tracking_number": numbers[row.pk]}, due_at=AT, facts={"line": 3})
            for row in rows
        },
        carrier="EMS",
        **AS_WORKER,
    )
    for card_request in requests:
        card_request.refresh_from_db()
        assert (card_request.carrier, card_request.tracking_number) == (
            "EMS",
            numbers[card_request.pk],
        )
        assert (card_request.events.last().due_at, card_request.events.last().facts) == (
            AT,
            {"line": 3},
        )
