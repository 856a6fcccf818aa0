"""Two at once, with real threads on PostgreSQL: one wins, and everything agrees with the winner."""

from datetime import timedelta

import pytest

from apps.cards.enums import CardAction, CardStatus
from apps.cards.models import Card
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.loss_report import expiry, services
from apps.loss_report.enums import LossReportStatus
from apps.loss_report.lifecycle import LOSS_REPORT
from apps.loss_report.models import LossReport
from apps.loss_report.reminders import remind_due
from apps.notices.models import Notice
from apps.verification.enums import Purpose
from apps.verification.models import Check
from tests.contests import at_once
from tests.factories.cards import AT, make_card
from tests.factories.checks import pass_check
from tests.factories.loss_reports import make_loss_report, report
from tests.factories.people import make_reviewer

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 10
REPORTED = AT + timedelta(days=1)
SECOND = timedelta(seconds=1)


def fresh(card):
    return Card.objects.select_related("holder__user", "city").get(pk=card.pk)


def open_reports():
    return LossReport.objects.filter(status=LossReportStatus.OPEN)


def endings(card):
    return card.events.filter(from_status=CardStatus.SUSPENDED)


def test_of_lift_and_expire_at_the_very_end_one_ends_the_suspension():
    for _ in range(ROUNDS):
        loss_report = make_loss_report(at=REPORTED)
        card, ends_at = fresh(loss_report.card), loss_report.ends_at
        by = card.holder.user
        check = pass_check(
            holder=card.holder, by=by, purpose=Purpose.LOSS_REPORT, at=ends_at - SECOND
        )
        # Two machines whose clocks differ by a second.
        refusals = at_once(
            lambda card=card, by=by, ends_at=ends_at: services.lift(
                card=card, by=by, at=ends_at - SECOND
            ),
            lambda ends_at=ends_at: expiry.expire_due(at=ends_at, deadline=None),
        )
        event = endings(card).get()
        check.refresh_from_db()
        loss_report.refresh_from_db()
        is_lifted = event.action == CardAction.LIFT
        own = LOSS_REPORT.follows.moves[event.action]
        assert loss_report.status == LOSS_REPORT.moves[own].target
        assert (check.is_used) == is_lifted
        assert len(refusals) == (0 if is_lifted else 1)
        assert fresh(card).status == CardStatus.ACTIVE


def test_of_two_workers_one_expires_each_card():
    cards = [make_loss_report(at=REPORTED).card for _ in range(20)]
    late = REPORTED + timedelta(days=30)
    assert not at_once(*[lambda: expiry.expire_due(at=late, deadline=None)] * 2)
    assert [endings(card).count() for card in cards] == [1] * 20
    assert not open_reports().exists()


def test_of_two_reports_at_once_one_suspends_the_card():
    for _ in range(ROUNDS):
        card = make_card()
        mine, again = fresh(card), fresh(card)
        refusals = at_once(
            lambda card=mine: report(card, at=REPORTED),
            lambda card=again: report(card, at=REPORTED),
        )
        assert len(refusals) == 1
        assert LossReport.objects.get(card=card).ends_at == fresh(card).suspended_until


def test_of_a_report_and_a_formal_loss_the_formal_loss_stands():
    reviewer = make_reviewer()
    for _ in range(ROUNDS):
        card = make_card()
        mine, theirs = fresh(card), fresh(card)

        def confirm(card=theirs):
            engine.move(
                card,
                CardAction.CONFIRM_LOSS,
                by=reviewer,
                role=Role.REVIEWER,
                at=REPORTED,
                channel=Channel.ADMIN,
            )

        refusals = at_once(lambda card=mine: report(card, at=REPORTED), confirm)
        assert len(refusals) == 1
        # The side that came second was told; the reviewer then decides again on the present status.
        if fresh(card).status == CardStatus.SUSPENDED:
            confirm(fresh(card))
        assert fresh(card).status == CardStatus.LOST
        assert not open_reports().filter(card=card).exists()


def test_of_two_lifts_one_check_is_used():
    for _ in range(ROUNDS):
        card = fresh(make_loss_report(at=REPORTED).card)
        by = card.holder.user
        later = REPORTED + timedelta(days=1)
        for _ in range(2):
            pass_check(holder=card.holder, by=by, purpose=Purpose.LOSS_REPORT, at=later)
        one, other = fresh(card), fresh(card)
        at_once(
            lambda card=one, by=by, at=later: services.lift(card=card, by=by, at=at),
            lambda card=other, by=by, at=later: services.lift(card=card, by=by, at=at),
        )
        assert endings(card).count() == 1
        assert Check.objects.filter(holder=card.holder, status="USED").count() == 1


def test_of_two_workers_one_reminds():
    loss_reports = [make_loss_report(at=REPORTED) for _ in range(10)]
    at = loss_reports[0].ends_at - timedelta(hours=12)
    assert not at_once(*[lambda: remind_due(at=at, limit=100)] * 2)
    assert Notice.objects.count() == 2 * len(loss_reports)


def test_a_reminder_at_the_same_moment_keeps_no_report_from_its_end():
    for _ in range(ROUNDS):
        loss_reports = [make_loss_report(at=REPORTED) for _ in range(3)]
        ends_at = loss_reports[0].ends_at
        at_once(
            lambda at=ends_at - SECOND: remind_due(at=at, limit=100),
            lambda at=ends_at: expiry.expire_due(at=at, deadline=None),
        )
        for loss_report in loss_reports:
            loss_report.refresh_from_db()
            is_open = loss_report.status == LossReportStatus.OPEN
            assert is_open == (fresh(loss_report.card).status == CardStatus.SUSPENDED)
        expiry.expire_due(at=ends_at, deadline=None)
        assert not open_reports().exists()
