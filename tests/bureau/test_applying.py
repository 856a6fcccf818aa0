"""A report file is applied as sets, and killed work is done again."""

from datetime import timedelta

import pytest
from django.db import connection

from apps.bureau import applying
from apps.bureau.enums import ReportStatus
from apps.bureau.models import BureauReport
from apps.cards.enums import (
    CardAction,
    CardStatus,
    RequestAction,
    RequestStatus,
)
from apps.cards.models import Card
from apps.common.deadlines import Deadline
from apps.events.models import Event
from apps.lifecycle import engine, sweep
from apps.notices import services as notices
from apps.notices.models import Notice
from tests.bureau.files import make_replacements, number, numbered, put_in, report_of, statuses
from tests.database import PLANNED
from tests.factories.bureau import HEARD, failed, made, make_orders, sent

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("said", "queries"), [(numbered, 25), (lambda orders: [failed(o) for o in orders], 20)]
)
@pytest.mark.parametrize("lines", [2, 6])
def test_6_lines_cost_as_many_statements_as_2(lines, said, queries, django_assert_num_queries):
    put_in(said(make_orders(lines)))
    with django_assert_num_queries(queries + PLANNED):
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


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
def test_a_portion_of_a_long_file_is_found_in_its_order_without_sorting_the_rest():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = BureauReport.objects.due(HEARD)[:2000].explain()
    assert "report_in_its_turn" in plan
    assert "Sort" not in plan


def test_no_further_portion_after_the_deadline():
    put_in(numbered(make_orders(1)))
    assert applying.apply_due(at=HEARD, deadline=Deadline(-1)) == 0
    assert applying.apply_due(at=HEARD, deadline=Deadline(60)) == 1


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
    """Stands for SIGKILL: no code catches it."""


@pytest.mark.parametrize(("where", "call"), [("begin_rows", 2), ("move_keys", 6)])
def test_who_died_in_the_middle_of_a_file_is_followed_by_another(where, call, monkeypatch):
    monkeypatch.setattr(sweep, "CHUNK", 2)
    orders = make_orders(5)
    put_in(numbered(orders))
    work, calls = getattr(engine, where), []

    def die(*arguments, **details):
        calls.append(arguments)
        done = work(*arguments, **details)
        if len(calls) == call:
            raise Killed
        return done

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


def test_the_old_cards_of_a_file_are_retired_with_the_new_ones():
    cards, orders = make_replacements(3)
    put_in(numbered(orders))
    assert applying.apply_due(at=HEARD) == 3
    for place, card in enumerate(cards):
        card.refresh_from_db()
        event = card.events.last()
        assert (card.status, card.replaced_by.card_number) == (CardStatus.RETIRED, number(place))
        assert (event.action, event.reason) == (CardAction.RETIRE, "挂失后注销，新卡已制成")


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


def test_the_report_of_one_line_can_be_applied_now():
    [order] = make_orders(1)
    put_in(numbered([order]))
    report = report_of(order)
    assert applying.apply(report=report, at=HEARD)
    assert report.status == ReportStatus.APPLIED
    assert not applying.apply(report=report, at=HEARD)
