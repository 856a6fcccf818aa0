"""A report file is applied as sets: one bad line stops nobody, and killed work is done again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from apps.bureau import applying, production
from apps.bureau.adapters import report_file
from apps.bureau.enums import ReportStatus
from apps.bureau.models import BureauReport, ProductionOrder
from apps.cards.enums import (
    CardAction,
    CardStatus,
    ReplacementReason,
    RequestAction,
    RequestKind,
    RequestStatus,
)
from apps.cards.models import Card, CardRequest
from apps.common.deadlines import Deadline
from apps.events.models import Event
from apps.lifecycle import engine, sweep
from apps.notices import services as notices
from apps.notices.models import Notice
from tests.factories.bureau import HEARD, LATER, failed, made, make_orders, receive, sent
from tests.factories.cards import AS_WORKER, make_card, make_request

pytestmark = pytest.mark.django_db


def number(place):
    return f"A{place:08d}"


def numbered(orders):
    """A report of a made card for each of the orders, each with a number of its own."""
    return [made(order, card_number=number(place)) for place, order in enumerate(orders)]


def put_in(said):
    return receive(report_file.write(said))


def statuses(orders):
    rows = CardRequest.objects.in_bulk([order.card_request_id for order in orders])
    return [rows[order.card_request_id].status for order in orders]


def report_of(order):
    return BureauReport.objects.get(order_reference=order.reference)


# --- Sets -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "queries"), [(numbered, 24), (lambda orders: [failed(o) for o in orders], 21)]
)
@pytest.mark.parametrize("lines", [2, 6])
def test_6_lines_cost_as_many_statements_as_2(lines, said, queries, django_assert_num_queries):
    put_in(said(make_orders(lines)))
    with django_assert_num_queries(queries):
        assert applying.apply_due(at=HEARD) == lines


def test_made_and_sent_of_one_order_go_in_one_round_and_in_their_order():
    orders = make_orders(3)
    said = [
        report for one in zip(numbered(orders), map(sent, orders), strict=True) for report in one
    ]
    put_in(said)
    assert applying.apply_due(at=HEARD) == 6
    assert set(statuses(orders)) == {RequestStatus.DISPATCHED}
    for order in orders:
        actions = list(order.card_request.events.order_by("pk").values_list("action", flat=True))
        assert actions[-2:] == [RequestAction.PRODUCE, RequestAction.DISPATCH]
        assert order.events.last().to_status == "SENT"


def test_what_is_sent_before_it_is_made_by_the_clock_of_the_bureau_goes_in_the_same_round():
    [order] = make_orders(1)
    [report] = numbered([order])
    put_in([sent(order, at=report.at - timedelta(minutes=1)), report])
    assert applying.apply_due(at=HEARD) == 2
    assert not BureauReport.objects.open().exists()


def test_every_event_says_when_the_bureau_did_it():
    orders = make_orders(2)
    said = [made(orders[0], card_number=number(1)), failed(orders[1], failure="照片过期")]
    put_in(said)
    applying.apply_due(at=HEARD)
    produced, back = (order.card_request.events.last() for order in orders)
    for event in (produced, Card.objects.get().events.get(), back):
        assert (event.at, event.due_at) == (HEARD, said[0].at)
    assert back.reason == "照片过期"


def test_in_portions_until_nothing_is_due(monkeypatch):
    monkeypatch.setattr(sweep, "CHUNK", 2)
    orders = make_orders(5)
    put_in(numbered(orders))
    assert applying.apply_due(at=HEARD) == 5
    assert set(statuses(orders)) == {RequestStatus.PRODUCED}


def test_no_further_portion_after_the_deadline():
    put_in(numbered(make_orders(1)))
    assert applying.apply_due(at=HEARD, deadline=Deadline(-1)) == 0
    assert applying.apply_due(at=HEARD, deadline=Deadline(60)) == 1


# --- A bad line among many ------------------------------------------------------------------------


def of_nobody(order):
    """A report on an order that was never placed."""
    return replace(made(order, card_number=number(99)), order_reference="2222222222222222")


def with_a_taken_number(order):
    return made(order, card_number=make_card().card_number)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [(of_nobody, applying.UNKNOWN_ORDER), (with_a_taken_number, applying.NUMBER_TAKEN)],
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
    move_set = engine.move_set

    def fail_for_one(rows, action, **details):
        if action == RequestAction.PRODUCE and any(r.pk == orders[1].card_request_id for r in rows):
            raise ZeroDivisionError
        move_set(rows, action, **details)

    with monkeypatch.context() as patch:
        patch.setattr(engine, "move_set", fail_for_one)
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


# --- Twice, and killed ----------------------------------------------------------------------------


def test_a_file_that_comes_again_changes_nothing():
    orders = make_orders(3)
    for _ in range(2):
        put_in(numbered(orders))
        applying.apply_due(at=HEARD)
        applying.apply_due(at=HEARD)
    assert Card.objects.count() == 3
    assert Event.objects.filter(action="PRODUCE").count() == 3
    assert BureauReport.objects.count() == 3


class Killed(BaseException):
    """As a worker that is killed: nothing catches it."""


@pytest.mark.parametrize(("where", "call"), [("begin_all", 2), ("move_set", 6)])
def test_who_died_in_the_middle_of_a_file_is_followed_by_another(where, call, monkeypatch):
    monkeypatch.setattr(sweep, "CHUNK", 2)
    orders = make_orders(5)
    put_in(numbered(orders))
    work, calls = getattr(engine, where), []

    def die(*arguments, **details):
        calls.append(arguments)
        work(*arguments, **details)
        if len(calls) == call:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(engine, where, die)
        with pytest.raises(Killed):
            applying.apply_due(at=HEARD)
    produced = statuses(orders).count(RequestStatus.PRODUCED)
    assert 0 < produced < 5
    assert Card.objects.count() == produced
    assert BureauReport.objects.filter(status=ReportStatus.APPLIED).count() == produced
    assert applying.apply_due(at=HEARD) == 5 - produced
    assert set(statuses(orders)) == {RequestStatus.PRODUCED}


# --- Replacements, messages -----------------------------------------------------------------------


def make_replacements(count, *, status=CardStatus.LOST):
    """(old cards, orders) of approved replacements."""
    cards = [make_card(status) for _ in range(count)]
    for card in cards:
        make_request(
            RequestStatus.APPROVED,
            at=LATER,
            holder=card.holder,
            kind=RequestKind.REPLACEMENT,
            old_card=card,
            reason=ReplacementReason.LOST,
        )
    production.make_batch(at=HEARD, limit=count)
    orders = ProductionOrder.objects.select_related("card_request").order_by("pk")
    return cards, list(orders.filter(card_request__old_card__in=cards))


def test_the_old_cards_of_a_file_are_retired_with_the_new_ones():
    cards, orders = make_replacements(3)
    put_in(numbered(orders))
    assert applying.apply_due(at=HEARD) == 3
    for place, card in enumerate(cards):
        card.refresh_from_db()
        event = card.events.last()
        assert (card.status, card.replaced_by.card_number) == (CardStatus.RETIRED, number(place))
        assert (event.action, event.reason) == (CardAction.RETIRE, "挂失后注销，新卡已制成")


def test_an_old_card_that_is_retired_already_holds_only_its_own_line():
    cards, orders = make_replacements(3)
    engine.move(cards[1], CardAction.RETIRE, at=LATER, **AS_WORKER)
    put_in(numbered(orders))
    assert applying.apply_due(at=HEARD) == 2
    assert "注销" in report_of(orders[1]).error
    assert statuses(orders)[1] == RequestStatus.APPROVED


def test_everybody_in_a_file_is_told_once_through_each_channel():
    orders = make_orders(3)
    put_in(
        [report for one in zip(numbered(orders), map(sent, orders), strict=True) for report in one]
    )
    applying.apply_due(at=HEARD)
    for _ in range(2):
        notices.collect(at=HEARD, limit=1000)
    told = Notice.objects.filter(event__action__in=["PRODUCE", "DISPATCH"]).values_list(
        "event__action", "channel", "holder"
    )
    holders = {order.card_request.holder_id for order in orders}
    expected = {
        (action, channel, holder)
        for action in ("PRODUCE", "DISPATCH")
        for channel in ("PORTAL", "SMS")
        for holder in holders
    }
    assert sorted(told) == sorted(expected)


# --- One report -----------------------------------------------------------------------------------


def test_the_report_of_one_line_can_be_applied_now():
    [order] = make_orders(1)
    put_in(numbered([order]))
    report = report_of(order)
    assert applying.apply(report=report, at=HEARD)
    assert report.status == ReportStatus.APPLIED
    assert not applying.apply(report=report, at=HEARD)
