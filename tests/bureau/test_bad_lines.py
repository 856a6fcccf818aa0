"""One bad line among many keeps its reason, and the others go."""

from dataclasses import replace
from datetime import timedelta

import pytest

from apps.bureau import applying
from apps.bureau.enums import ReportStatus
from apps.bureau.models import BureauReport
from apps.bureau.standing import TOO_EARLY
from apps.cards.enums import (
    CardAction,
    CardStatus,
    RequestAction,
    RequestStatus,
)
from apps.cards.models import Card
from apps.events.enums import AS_WORKER
from apps.lifecycle import engine
from tests.bureau.files import make_replacements, number, numbered, put_in, report_of, statuses
from tests.factories.bureau import HEARD, LATER, failed, made, make_orders
from tests.factories.cards import make_card

pytestmark = pytest.mark.django_db


def of_nobody(order):
    """A report on an order that was never placed."""
    return replace(made(order, card_number=number(99)), order_reference="2222222222222222")


def with_a_taken_number(order):
    return made(order, card_number=make_card().card_number)


def before_it_was_ordered(order):
    return made(order, card_number=number(98), at=LATER - timedelta(days=2))


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (of_nobody, applying.UNKNOWN_ORDER),
        (with_a_taken_number, applying.NUMBER_TAKEN),
        (before_it_was_ordered, TOO_EARLY),
    ],
)
def test_a_line_that_cannot_go_keeps_its_reason_and_the_others_go(spoil, why):
    orders = make_orders(5)
    said = numbered(orders)
    said[2] = spoil(orders[2])
    put_in(said)
    assert applying.apply_due(at=HEARD) == 4
    assert statuses(orders).count(RequestStatus.PRODUCED) == 4
    left = BureauReport.objects.open().get()
    assert (left.status, left.error) == (ReportStatus.REFUSED, why)
    assert left.next_try_at == HEARD + applying.RETRY_AFTER
    assert statuses(orders)[2] == RequestStatus.APPROVED


def test_a_line_that_contradicts_another_of_the_same_file_is_put_aside():
    orders = make_orders(3)
    put_in([*numbered(orders), failed(orders[1], at=HEARD)])
    applying.apply_due(at=HEARD)
    assert set(statuses(orders)) == {RequestStatus.PRODUCED}
    assert BureauReport.objects.open().get().error == "这张制卡单已经回报过制卡成功。"


def test_two_lines_with_one_card_number_make_one_card():
    orders = make_orders(2)
    put_in([made(order, card_number=number(1)) for order in orders])
    assert applying.apply_due(at=HEARD) == 1
    assert Card.objects.get().card_number == number(1)
    assert BureauReport.objects.open().get().error == applying.NUMBER_TAKEN


def test_a_line_that_the_database_refuses_stops_nobody():
    orders = make_orders(5)
    other = make_card(CardStatus.SEALED)
    Card.objects.filter(pk=other.pk).update(holder=orders[3].card_request.holder)
    put_in(numbered(orders))
    assert applying.apply_due(at=HEARD) == 4
    left = BureauReport.objects.open().get()
    assert (left.order_reference, left.error) == (orders[3].reference, applying.NOT_TAKEN)
    assert not left.events.filter(action="APPLY").exists()


def test_a_line_whose_work_fails_unforeseen_stops_nobody(monkeypatch):
    orders = make_orders(5)
    put_in(numbered(orders))
    move_keys = engine.move_keys

    def fail_for_one(model, pks, action, **details):
        if action == RequestAction.PRODUCE and orders[1].card_request_id in pks:
            raise ZeroDivisionError
        move_keys(model, pks, action, **details)

    with monkeypatch.context() as patch:
        patch.setattr(engine, "move_keys", fail_for_one)
        assert applying.apply_due(at=HEARD) == 4
    assert report_of(orders[1]).error == "ZeroDivisionError"
    assert Card.objects.count() == 4
    again = HEARD + applying.RETRY_AFTER
    assert applying.apply_due(at=again - timedelta(seconds=1)) == 0
    assert applying.apply_due(at=again) == 1
    assert set(statuses(orders)) == {RequestStatus.PRODUCED}


def test_only_the_first_refusal_is_an_event():
    stray = of_nobody(make_orders(1)[0])
    put_in([stray])
    for times in range(3):
        applying.apply_due(at=HEARD + times * applying.RETRY_AFTER)
    report = BureauReport.objects.get()
    actions = list(report.events.order_by("pk").values_list("action", flat=True))
    assert actions == ["RECEIVE", "REFUSE"]
    assert report.next_try_at == HEARD + 3 * applying.RETRY_AFTER


def test_an_old_card_that_is_retired_already_holds_only_its_own_line():
    cards, orders = make_replacements(3)
    engine.move(cards[1], CardAction.RETIRE, at=LATER, **AS_WORKER)
    put_in(numbered(orders))
    assert applying.apply_due(at=HEARD) == 2
    assert "注销" in report_of(orders[1]).error
    assert statuses(orders)[1] == RequestStatus.APPROVED
