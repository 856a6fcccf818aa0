"""Reports are stored once and applied in their order, whatever the order in which they come."""

import random
from contextlib import suppress
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction

from apps.bureau import applying, production, reports
from apps.bureau.adapters import report_file
from apps.bureau.enums import ReportStatus
from apps.bureau.models import BureauFile, BureauReport, ProductionOrder, QuarantinedLine
from apps.cards.enums import RequestStatus
from apps.cards.models import Card, CardRequest
from apps.lifecycle import engine
from tests.factories.bureau import (
    HEARD,
    csv_lines,
    failed,
    hear,
    line_of,
    made,
    make_orders,
    receive,
    sent,
)
from tests.factories.cards import approve

pytestmark = pytest.mark.django_db


def status_of(order):
    return CardRequest.objects.get(pk=order.card_request_id).status


# --- A repeated file, a broken line --------------------------------------------------------------


def test_the_same_file_twice_changes_nothing():
    [order] = make_orders(1)
    data = report_file.write([made(order)])
    first, second = (
        receive(data),
        receive(data, name="另一个名字.csv", at=HEARD + timedelta(days=1)),
    )
    assert first == second
    assert (first.good, first.repeated, first.broken) == (1, 0, 0)
    assert BureauReport.objects.count() == 1


def test_lines_that_were_in_another_file_are_counted_as_repeated():
    [order] = make_orders(1)
    hear(made(order))
    row = hear(sent(order), made(order), made(order))
    assert (row.good, row.repeated, row.broken) == (1, 2, 0)
    assert status_of(order) == RequestStatus.DISPATCHED


def test_broken_lines_are_set_aside_and_the_good_ones_go_on():
    [order] = make_orders(1)
    row = receive(csv_lines("broken", line_of(made(order)), "broken,too", "broken"))
    applying.apply_due(at=HEARD, limit=10)
    assert (row.good, row.repeated, row.broken) == (1, 1, 2)
    assert status_of(order) == RequestStatus.PRODUCED
    lines = QuarantinedLine.objects.order_by("number")
    assert [(line.number, line.content) for line in lines] == [(2, "broken"), (4, "broken,too")]
    assert lines[0].fault == "这一行有 1 栏，应为 8 栏。"


def test_a_broken_line_that_comes_again_is_set_aside_once():
    receive(csv_lines("broken"))
    row = receive(csv_lines("broken", "another"))
    assert (row.broken, row.repeated) == (1, 1)
    assert QuarantinedLine.objects.count() == 2


def test_what_stands_in_quarantine_is_encrypted(django_assert_num_queries):
    receive(csv_lines("张超"))
    with django_assert_num_queries(1):
        raw = QuarantinedLine.objects.extra(select={"raw": "content"}).values_list("raw", flat=True)
        assert "张超" not in raw[0]


def test_a_known_report_with_other_contents_is_set_aside():
    [order] = make_orders(1)
    hear(made(order))
    row = hear(made(order, card_number="A99999999"))
    assert (row.good, row.broken) == (0, 1)
    assert QuarantinedLine.objects.get().fault == reports.CONFLICT
    assert Card.objects.get().card_number == "A00000001"


def test_a_refused_file_may_come_again():
    for at in (HEARD, HEARD + timedelta(hours=1)):
        receive(b"no header", at=at)
    assert BureauFile.objects.filter(direction="IN").count() == 1
    assert BureauReport.objects.count() == 0


# --- Waiting, repeating, contradicting ----------------------------------------------------------


def test_a_report_that_came_too_early_waits_and_is_no_error():
    [order] = make_orders(1)
    hear(sent(order))
    report = BureauReport.objects.get()
    assert (report.status, report.error) == (ReportStatus.WAITING, "")


def test_a_report_that_waited_is_applied_in_the_same_round_as_its_predecessor():
    [order] = make_orders(1)
    hear(sent(order))
    hear(made(order), at=HEARD + timedelta(seconds=10))
    assert status_of(order) == RequestStatus.DISPATCHED
    assert {report.status for report in BureauReport.objects.all()} == {ReportStatus.APPLIED}


def test_what_is_said_twice_under_two_references_is_applied_once():
    [order] = make_orders(1)
    hear(made(order), made(order, suffix="2"), sent(order), sent(order, suffix="2"))
    assert {report.status for report in BureauReport.objects.all()} == {ReportStatus.APPLIED}
    assert order.card_request.events.filter(action="DISPATCH").count() == 1


@pytest.mark.parametrize(
    ("known", "said", "why"),
    [
        ([made], lambda o: made(o, card_number="A9", suffix="2"), "另一个社保卡号"),
        ([made, sent], lambda o: sent(o, tracking_number="9", suffix="2"), "另一个运单"),
        ([made], failed, "已经回报过制卡成功"),
        ([failed], made, "已经回报过制卡失败"),
        ([failed], sent, "已经回报过制卡失败"),
    ],
)
def test_a_contradiction_is_refused_and_says_why(known, said, why):
    [order] = make_orders(1)
    hear(*(report(order) for report in known))
    before = status_of(order)
    (key,) = reports.receive(reports=[said(order)], file=None, by=None, at=HEARD)
    applying.apply_due(at=HEARD, limit=10)
    report = BureauReport.objects.get(pk=key)
    assert why in report.error
    assert report.status == ReportStatus.REFUSED
    assert status_of(order) == before


def test_a_late_failure_of_the_first_order_does_not_fail_the_second():
    [order] = make_orders(1)
    hear(failed(order))
    approve(CardRequest.objects.get(pk=order.card_request_id), at=HEARD)
    production.make_batch(at=HEARD + settings.DECISION_UNDO_WINDOW, limit=10)
    second = ProductionOrder.objects.live().get()
    hear(failed(order, suffix="2"), made(second, at=HEARD))
    assert status_of(second) == RequestStatus.PRODUCED
    assert {report.status for report in BureauReport.objects.all()} == {ReportStatus.APPLIED}


def test_the_limit_holds_for_woken_reports_too():
    [order] = make_orders(1)
    receive(report_file.write([made(order), sent(order)]))
    assert applying.apply_due(at=HEARD, limit=1) == 1
    assert applying.apply_due(at=HEARD, limit=1) == 1
    assert status_of(order) == RequestStatus.DISPATCHED


# --- Shuffled -----------------------------------------------------------------------------------


def what_the_bureau_says(orders):
    """Most cards are made and sent, one fails, one is made only; a line is broken, some repeat."""
    said = []
    for number, order in enumerate(orders):
        if number == 0:
            said.append(failed(order))
            continue
        said.append(made(order, card_number=f"A{number:08d}"))
        if number > 1:
            said.append(sent(order, tracking_number=f"{number:013d}"))
    lines = [line_of(report) for report in said]
    again = [line_of(made(orders[2], card_number="A00000002", suffix="-again"))]
    return [*lines, *again, *lines[1:4], "a broken line"]


def end_state(orders):
    """What people see in the end, by the place of the order."""
    found = []
    for order in orders:
        card_request = CardRequest.objects.select_related("card").get(pk=order.card_request_id)
        steps = card_request.events.order_by("pk").values_list("action", "reason", "due_at")
        number = card_request.card and (card_request.card.card_number, card_request.card.status)
        found.append((card_request.status, number, card_request.tracking_number, list(steps)[-3:]))
    return found, sorted(QuarantinedLine.objects.values_list("fault", flat=True))


class Killed(Exception):
    pass


def exchange(lines, shuffle, monkeypatch):
    """Deliver `lines` in files, in any order, repeated, overlapping, with workers that die."""
    shuffle.shuffle(lines)
    size = shuffle.randint(1, len(lines))
    files = [lines[start : start + size] for start in range(0, len(lines), size)]
    files += [shuffle.sample(lines, shuffle.randint(1, len(lines))) for _ in range(2)]
    files += shuffle.choices(files, k=2)
    shuffle.shuffle(files)
    at = HEARD
    for file in files:
        at += timedelta(seconds=10)
        data = csv_lines(*file)
        if shuffle.random() < 0.3:
            dies_in(monkeypatch, shuffle.choice(["_set_aside", "_after_move"]), data, at=at)
        receive(data, at=at)
        applying.apply_due(at=at, limit=shuffle.randint(0, 4))
    while applying.apply_due(at=at, limit=100):
        pass


def dies_in(monkeypatch, where, data, *, at):
    """A worker that takes `data` and is killed while storing a file, or after moving a row."""
    move = engine.move

    def die(*arguments, **options):
        if where == "_after_move":
            move(*arguments, **options)
        raise Killed

    with monkeypatch.context() as patch, suppress(Killed):
        if where == "_after_move":
            patch.setattr(engine, "move", die)
        else:
            patch.setattr(reports, where, die)
        receive(data, at=at)
        applying.apply_due(at=at, limit=100)


def check_shuffles(seeds, monkeypatch):
    orders = make_orders(5)
    straight = None
    for seed in seeds:
        with transaction.atomic():
            exchange(what_the_bureau_says(orders), random.Random(seed), monkeypatch)  # noqa: S311
            state = end_state(orders)
            assert BureauReport.objects.filter(status="APPLIED").count() == 9
            assert not BureauReport.objects.open().exists()
            transaction.set_rollback(True)
        straight = straight or state
        assert state == straight, f"seed {seed}"
    [(first, *_), *rest] = straight[0]
    assert first == RequestStatus.ACCEPTED
    assert [status for status, *_ in rest] == [RequestStatus.PRODUCED] + [
        RequestStatus.DISPATCHED
    ] * 3


def test_repeated_and_shuffled_files_come_to_the_same_end(monkeypatch):
    check_shuffles(range(4), monkeypatch)


@pytest.mark.slow
def test_many_more_shuffles_come_to_the_same_end(monkeypatch):
    check_shuffles(range(4, 212), monkeypatch)
