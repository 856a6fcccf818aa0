"""What the worker writes down, and what is true without it."""

import logging
from datetime import timedelta

import pytest

from apps.cards.enums import CardAction, CardStatus
from apps.cards.lifecycle import CARD
from apps.cards.models import Card
from apps.common.deadlines import Deadline
from apps.events.enums import Channel, Role
from apps.events.models import Event
from apps.lifecycle import engine, followers, sweep
from apps.lifecycle.models import Setback
from apps.loss_report import expiry, services, tasks
from apps.loss_report.enums import LossReportStatus
from apps.loss_report.models import LossReport
from apps.verification.enums import Purpose
from tests.factories.cards import AT, make_card
from tests.factories.checks import pass_check
from tests.factories.loss_reports import make_loss_report, report
from tests.factories.people import make_reviewer

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
REPORTED = AT + DAY


def expiries():
    return Event.objects.of_kind(CARD).filter(action=CardAction.EXPIRE)


def expire(at, *, deadline=None):
    return expiry.expire_due(at=at, deadline=deadline)


def ended(loss_report, at):
    """(status, moment) of the end as it is written down by `at`."""
    loss_report.refresh_from_db()
    return loss_report.status, loss_report.end(at) and loss_report.end(at).at


def test_a_suspension_that_has_ended_reads_as_active_without_the_worker():
    loss_report = make_loss_report(at=REPORTED)
    card = Card.objects.get(pk=loss_report.card_id)
    ends_at = loss_report.ends_at
    assert card.status_at(ends_at - SECOND) == CardStatus.SUSPENDED
    assert card.status_at(ends_at) == CardStatus.ACTIVE
    assert loss_report.end(ends_at - SECOND) is None
    assert loss_report.end(ends_at).status == LossReportStatus.EXPIRED
    assert not expiries().exists()


def test_the_event_carries_the_due_time_and_the_run_time():
    loss_report = make_loss_report(at=REPORTED)
    late = loss_report.ends_at + 2 * DAY
    assert expire(late) == 1
    for event in (expiries().get(), loss_report.events.last()):
        assert (event.due_at, event.at, event.by) == (loss_report.ends_at, late, None)
        assert (event.role, event.channel) == (Role.WORKER, Channel.WORKER)
    assert ended(loss_report, late) == (LossReportStatus.EXPIRED, loss_report.ends_at)


def test_nothing_expires_before_its_end():
    loss_report = make_loss_report(at=REPORTED)
    assert expire(loss_report.ends_at - SECOND) == 0
    assert expire(loss_report.ends_at) == 1


def test_twice_changes_nothing_more():
    loss_report = make_loss_report(at=REPORTED)
    for _ in range(2):
        expire(loss_report.ends_at)
    assert expiries().count() == 1


def test_after_a_pause_everything_is_caught_up_the_earliest_first(monkeypatch):
    monkeypatch.setattr(sweep, "CHUNK", 1)
    reports = [make_loss_report(at=REPORTED + n * DAY) for n in (2, 0, 1)]
    late = REPORTED + 30 * DAY
    assert expire(late) == 3
    cards = list(expiries().order_by("pk").values_list("subject_id", flat=True))
    assert cards == [reports[1].card_id, reports[2].card_id, reports[0].card_id]
    assert not LossReport.objects.filter(status=LossReportStatus.OPEN).exists()


def test_it_works_until_its_time_is_over():
    make_loss_report(at=REPORTED)
    late = REPORTED + 30 * DAY
    assert expire(late, deadline=Deadline(-1)) == 0
    assert expire(late, deadline=Deadline(60)) == 1


def test_a_suspension_without_a_report_of_ours_expires_as_well():
    card = make_card(CardStatus.SUSPENDED)
    assert expire(AT + 30 * DAY) == 1
    assert Card.objects.get(pk=card.pk).status == CardStatus.ACTIVE


def test_one_card_that_cannot_be_moved_keeps_its_reason_and_never_stops_the_others(
    monkeypatch, caplog
):
    broken, fine = (make_loss_report(at=REPORTED + n * DAY) for n in (0, 1))
    real = followers.write_alike

    def write_alike(model, pks, action, **details):
        if model is LossReport and broken.pk in pks:
            raise RuntimeError("a broken row")
        real(model, pks, action, **details)

    monkeypatch.setattr(followers, "write_alike", write_alike)
    late = REPORTED + 30 * DAY
    with caplog.at_level(logging.WARNING):
        assert expire(late) == 1
    assert ended(fine, late) == (LossReportStatus.EXPIRED, fine.ends_at)
    broken.refresh_from_db()
    assert broken.status == LossReportStatus.OPEN
    assert Card.objects.get(pk=broken.card_id).status == CardStatus.SUSPENDED
    assert f"card #{broken.card_id}" in caplog.text
    assert Setback.objects.get().subject_id == broken.card_id


def test_a_formal_loss_ends_the_report_and_its_expiry_no_longer_touches_the_card():
    loss_report = make_loss_report(at=REPORTED)
    card = Card.objects.get(pk=loss_report.card_id)
    engine.move(
        card,
        CardAction.CONFIRM_LOSS,
        by=make_reviewer(),
        role=Role.REVIEWER,
        at=REPORTED + DAY,
        channel=Channel.ADMIN,
    )
    late = loss_report.ends_at + DAY
    assert ended(loss_report, late) == (LossReportStatus.CONVERTED, REPORTED + DAY)
    assert expire(late) == 0
    assert ended(loss_report, late) == (LossReportStatus.CONVERTED, REPORTED + DAY)
    assert Card.objects.get(pk=card.pk).status == CardStatus.LOST


def test_each_report_has_the_end_of_its_own_suspension_and_not_of_a_later_one():
    first = make_loss_report(at=REPORTED)
    card = Card.objects.get(pk=first.card_id)
    second = report(card, at=first.ends_at)
    by, at = card.holder.user, first.ends_at + DAY
    pass_check(holder=card.holder, by=by, purpose=Purpose.LOSS_REPORT, at=at)
    services.lift(card=card, by=by, at=at)
    assert ended(first, at) == (LossReportStatus.EXPIRED, first.ends_at)
    assert ended(second, at) == (LossReportStatus.LIFTED, at)


def test_a_running_report_is_left_open():
    loss_report = make_loss_report(at=REPORTED)
    expire(REPORTED + DAY)
    assert ended(loss_report, REPORTED + DAY) == (LossReportStatus.OPEN, None)


@pytest.mark.parametrize("passed", [-1, 0, 1])
@pytest.mark.parametrize("is_written", [False, True])
def test_the_status_by_the_clock_is_the_same_in_python_and_in_the_database(passed, is_written):
    loss_report = make_loss_report(at=REPORTED)
    at = loss_report.ends_at + timedelta(seconds=passed)
    if is_written:
        expire(at)
        loss_report.refresh_from_db()
    told = loss_report.status_at(at)
    assert LossReport.objects.with_status_at(at).get().current_status == told
    for other in LossReportStatus:
        assert LossReport.objects.in_status(other, at=at).exists() == (other == told)


def test_the_task_runs_twice_and_does_its_work_once():
    loss_report = make_loss_report(at=AT - 30 * DAY, card=make_card(at=AT - 31 * DAY))
    tasks.expire_loss_reports()
    tasks.expire_loss_reports()
    loss_report.refresh_from_db()
    assert loss_report.status == LossReportStatus.EXPIRED
    assert expiries().count() == 1
