"""What the worker writes down, and what is true without it."""

import logging
from datetime import timedelta

import pytest

from apps.cards.enums import CardAction, CardStatus
from apps.cards.models import Card
from apps.events.enums import Channel, Role
from apps.events.models import Event
from apps.lifecycle import engine
from apps.loss_report import expiry, tasks
from apps.loss_report.enums import Outcome
from apps.loss_report.models import LossReport
from tests.factories.cards import AT, make_card
from tests.factories.loss_reports import make_loss_report, report
from tests.factories.people import make_reviewer

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
REPORTED = AT + DAY


def expiries():
    return Event.objects.filter(action=CardAction.EXPIRE)


def test_a_suspension_that_has_ended_reads_as_active_without_the_worker():
    loss_report = make_loss_report(at=REPORTED)
    card = Card.objects.get(pk=loss_report.card_id)
    ends_at = loss_report.ends_at
    with_ending = LossReport.objects.with_ending().get()
    assert card.status_at(ends_at - SECOND) == CardStatus.SUSPENDED
    assert card.status_at(ends_at) == CardStatus.ACTIVE
    assert with_ending.end(ends_at - SECOND) is None
    assert with_ending.end(ends_at).outcome == Outcome.EXPIRED
    assert not expiries().exists()


def test_the_event_carries_the_due_time_and_the_run_time():
    loss_report = make_loss_report(at=REPORTED)
    late = loss_report.ends_at + 2 * DAY
    assert expiry.expire_due(at=late, limit=10) == 1
    event = expiries().get()
    assert (event.due_at, event.at, event.by) == (loss_report.ends_at, late, None)
    assert (event.role, event.channel) == (Role.WORKER, Channel.WORKER)
    loss_report.refresh_from_db()
    assert (loss_report.outcome, loss_report.closed_at) == (Outcome.EXPIRED, loss_report.ends_at)


def test_nothing_expires_before_its_end():
    loss_report = make_loss_report(at=REPORTED)
    assert expiry.expire_due(at=loss_report.ends_at - SECOND, limit=10) == 0
    assert expiry.expire_due(at=loss_report.ends_at, limit=10) == 1


def test_twice_changes_nothing_more():
    loss_report = make_loss_report(at=REPORTED)
    for _ in range(2):
        expiry.expire_due(at=loss_report.ends_at, limit=10)
    assert expiries().count() == 1


def test_after_a_pause_everything_is_caught_up_the_earliest_first():
    reports = [make_loss_report(at=REPORTED + n * DAY) for n in (2, 0, 1)]
    late = REPORTED + 30 * DAY
    assert expiry.expire_due(at=late, limit=2) == 2
    cards = list(expiries().order_by("pk").values_list("subject_id", flat=True))
    assert cards == [reports[1].card_id, reports[2].card_id]
    assert expiry.expire_due(at=late, limit=2) == 1
    assert not LossReport.objects.open().exists()


def test_a_suspension_without_a_report_of_ours_expires_as_well():
    card = make_card(CardStatus.SUSPENDED)
    assert expiry.expire_due(at=AT + 30 * DAY, limit=10) == 1
    assert Card.objects.get(pk=card.pk).status == CardStatus.ACTIVE


def test_one_card_that_cannot_be_moved_never_stops_the_others(monkeypatch, caplog):
    broken, fine = (make_loss_report(at=REPORTED + n * DAY) for n in (0, 1))
    real = engine.move

    def move(card, *args, **kwargs):
        if card.pk == broken.card_id:
            raise RuntimeError("a broken row")
        return real(card, *args, **kwargs)

    monkeypatch.setattr(engine, "move", move)
    with caplog.at_level(logging.ERROR):
        assert expiry.expire_due(at=REPORTED + 30 * DAY, limit=1) == 1
    fine.refresh_from_db()
    broken.refresh_from_db()
    assert fine.outcome == Outcome.EXPIRED
    assert broken.closed_at is None
    assert f"card #{broken.card_id}" in caplog.text


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
    assert expiry.expire_due(at=late, limit=10) == 0
    assert expiry.close_overtaken(limit=10) == 1
    loss_report.refresh_from_db()
    assert (loss_report.outcome, loss_report.closed_at) == (Outcome.CONVERTED, REPORTED + DAY)
    assert Card.objects.get(pk=card.pk).status == CardStatus.LOST


def test_closing_takes_the_end_of_its_own_suspension_and_not_of_a_later_one():
    first = make_loss_report(at=REPORTED)
    card = Card.objects.get(pk=first.card_id)
    second = report(card, at=first.ends_at)
    LossReport.objects.filter(pk=second.pk).update(closed_at=AT, outcome=Outcome.LIFTED)
    LossReport.objects.filter(pk=first.pk).update(closed_at=None, outcome="")
    expiry.close_overtaken(limit=10)
    first.refresh_from_db()
    assert (first.outcome, first.closed_at) == (Outcome.EXPIRED, first.ends_at)


def test_a_running_report_is_left_open():
    make_loss_report(at=REPORTED)
    assert expiry.close_overtaken(limit=10) == 0


def test_the_task_runs_twice_and_does_its_work_once():
    loss_report = make_loss_report(at=AT - 30 * DAY, card=make_card(at=AT - 31 * DAY))
    tasks.expire_loss_reports()
    tasks.expire_loss_reports()
    loss_report.refresh_from_db()
    assert loss_report.outcome == Outcome.EXPIRED
    assert expiries().count() == 1
