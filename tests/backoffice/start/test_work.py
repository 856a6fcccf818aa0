"""The kinds of work on the desk's first page: what is counted, for whom, and where it leads."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.bureau.models import ProductionBatch
from apps.cards.models import CardRequest
from apps.common import working_days
from apps.common.working_days import current, read_once
from apps.desk import roles
from apps.desk.claims.services import claim
from apps.events.enums import AS_WORKER
from apps.gateways.port import GatewayReport, TradeState
from apps.lifecycle import engine
from apps.payments import settlement
from apps.person_changes.enums import EvidenceKind, PersonChangeKind
from apps.person_changes.services import propose
from apps.reporting.counting import count_events
from apps.review.filters import RequestFilter
from tests.backoffice.start.steps import (
    NOW,
    accepted,
    cards_for,
    refunding,
    resubmitted,
    sent_back,
)
from tests.factories import cards as steps
from tests.factories.formal_losses import make_formal_loss
from tests.factories.inquiries import make_inquiry
from tests.factories.moments import noon
from tests.factories.payments import make_paid
from tests.factories.people import (
    make_colleague,
    make_holder,
    make_registration,
    make_reviewer,
    make_ward,
)

pytestmark = pytest.mark.django_db


def second_trade(payment, *, at):
    """The gateway reports a second payment for the same order."""
    report = GatewayReport(
        payment.reference, TradeState.PAID, trade_number="T2", amount_fen=payment.amount_fen
    )
    settlement.apply(report, payment=payment, at=at)


def test_each_kind_of_work_is_counted_with_its_oldest():
    oldest = accepted(NOW - timedelta(days=2))
    resubmitted(NOW - timedelta(hours=5))
    sent_back(NOW - timedelta(hours=4))
    make_inquiry(at=NOW - timedelta(hours=3, minutes=30))
    make_formal_loss(at=NOW - timedelta(hours=3))
    make_registration(make_holder(), at=NOW - timedelta(hours=2))
    payment = refunding(NOW - timedelta(hours=1), error="GatewayUnavailable: 503")
    second_trade(payment, at=NOW - timedelta(minutes=30))
    found = cards_for(make_reviewer())
    assert {key: card.count for key, card in found.items()} == {
        "waiting": 3,
        "resubmitted": 1,
        "failed": 1,
        "asked": 1,
        "losses": 1,
        "registrations": 1,
        "refunds": 1,
        "discrepancies": 1,
    }
    assert [round((NOW - card.oldest_at) / timedelta(hours=1)) for card in found.values()] == [
        48,
        5,
        4,
        4,
        3,
        2,
        1,
        0,
    ]
    assert found["waiting"].oldest_at == oldest.status_since


def test_the_promise_is_that_of_the_oldest_and_the_overdue_are_counted(settings):
    settings.REVIEW_WORKING_DAYS = 3
    accepted(datetime(2026, 11, 19, 2, 0, tzinfo=UTC))  # a Thursday: until Tuesday
    accepted(datetime(2026, 11, 20, 2, 0, tzinfo=UTC))  # a Friday: until Wednesday, which is today
    accepted(NOW - timedelta(hours=1))
    waiting = cards_for(make_reviewer())["waiting"]
    assert (waiting.overdue, waiting.promise_date.isoformat()) == (1, "2026-11-24")


def test_claims_count_while_they_live():
    reviewer, colleague = make_reviewer(), make_reviewer()
    mine, theirs, lapsed, _ = (accepted(NOW - timedelta(hours=hour)) for hour in (4, 3, 2, 1))
    claim(subject=mine, by=reviewer, at=NOW)
    claim(subject=theirs, by=colleague, at=NOW)
    claim(subject=lapsed, by=reviewer, at=NOW - timedelta(minutes=90))
    waiting = cards_for(reviewer)["waiting"]
    assert (waiting.mine, waiting.free, waiting.others) == (1, 2, 1)


def test_what_the_reviewer_is_a_party_to_never_counts():
    reviewer = make_reviewer()
    own = make_holder(user=reviewer)
    accepted(NOW - timedelta(days=1), holder=own)
    accepted(NOW - timedelta(days=1), holder=make_ward(own), by=reviewer)
    make_registration(own, at=NOW - timedelta(days=1))
    assert {card.count for card in cards_for(reviewer).values()} == {0}
    colleague = cards_for(make_reviewer())
    assert (colleague["waiting"].count, colleague["registrations"].count) == (2, 1)


@pytest.mark.parametrize("key", ["waiting", "resubmitted", "failed"])
def test_every_link_opens_the_list_on_exactly_what_was_counted(key):
    reviewer = make_reviewer()
    for at in (NOW - timedelta(days=9), NOW - timedelta(hours=1)):
        cases = [accepted(at), resubmitted(at), sent_back(at)]
    for card_request in cases:
        claim(subject=card_request, by=reviewer, at=NOW)
    card = cards_for(reviewer)[key]
    for url, number in (
        (card.url, card.count),
        (card.mine_url, card.mine),
        (card.free_url, card.free),
        (card.overdue_url, card.overdue),
    ):
        address = urlsplit(url)
        assert address.path == reverse("admin:cards_cardrequest_changelist")
        form = RequestFilter({name: value for name, (value,) in parse_qs(address.query).items()})
        assert form.is_valid()
        assert form.narrow(CardRequest.objects.all(), user=reviewer, at=NOW).count() == number > 0


def test_the_next_case_is_offered_unless_colleagues_hold_all():
    reviewer, colleague = make_reviewer(), make_reviewer()
    assert cards_for(reviewer)["waiting"].next_url == ""
    card_request = accepted(NOW - timedelta(hours=1))
    assert cards_for(reviewer)["waiting"].next_url == reverse("admin:cards_cardrequest_next")
    claim(subject=card_request, by=colleague, at=NOW)
    assert cards_for(reviewer)["waiting"].next_url == ""
    assert cards_for(colleague)["waiting"].next_url != ""


@pytest.mark.parametrize(
    ("age", "error", "is_counted"),
    [
        (timedelta(minutes=5), "", False),
        (timedelta(minutes=5), "GatewayUnavailable: 503", True),
        (timedelta(hours=25), "", True),
    ],
)
def test_a_refund_needs_somebody_when_it_failed_or_takes_longer_than_a_day(age, error, is_counted):
    payment = refunding(NOW - age, error=error)
    refunds = cards_for(make_reviewer())["refunds"]
    assert refunds.count == is_counted
    named = [payment.card_request.reference] if is_counted else []
    assert [reference for reference, _ in refunds.references] == named
    if is_counted:
        assert refunds.oldest_at == NOW - age


def test_money_that_nobody_began_to_send_back_counts_after_a_day():
    payment = make_paid(at=NOW - timedelta(days=3))
    steps.accept(payment.card_request, at=NOW - timedelta(days=3))
    steps.reject(payment.card_request, at=NOW - timedelta(days=2))
    assert cards_for(make_reviewer())["refunds"].count == 1


def test_a_supervisor_sees_batches_that_did_not_leave():
    for error in ("timeout", ""):
        batch = ProductionBatch(created_at=NOW, next_try_at=NOW, last_error=error)
        engine.begin(batch, "ASSEMBLE", at=NOW, **AS_WORKER)
    assert cards_for(make_colleague(roles.SUPERVISOR))["bureau"].count == 1
    assert "bureau" not in cards_for(make_reviewer())


def test_6_cases_of_each_kind_take_as_many_queries_as_2():
    supervisor = make_colleague(roles.SUPERVISOR)
    counts = []
    for number in (2, 4):
        for _ in range(number):
            resubmitted(NOW - timedelta(hours=5))
            sent_back(NOW - timedelta(hours=4))
            refunding(NOW - timedelta(hours=1), error="x")
            make_registration(make_holder(), at=NOW)
        count_events()
        cards_for(supervisor)
        with read_once():  # as a request does
            current()
            with CaptureQueriesContext(connection) as captured:
                found = cards_for(supervisor)
        counts.append(len(captured))
    assert found["registrations"].count == 6
    assert counts == [2, 2]


def test_a_change_of_a_person_waits_for_whoever_can_confirm_it():
    proposer = make_colleague(roles.SUPERVISOR)
    propose(
        kind=PersonChangeKind.EMPLOYEE_NUMBER,
        holder=make_holder(),
        new_number="D1",
        evidence_kind=EvidenceKind.APPOINTMENT,
        evidence="转正文件",
        reason="转为正式职工",
        by=proposer,
        at=NOW - timedelta(hours=1),
    )
    card = cards_for(make_colleague(roles.SUPERVISOR))["person_changes"]
    assert (card.count, card.oldest_at) == (1, NOW - timedelta(hours=1))
    for reader in (proposer, make_reviewer()):
        assert "person_changes" not in cards_for(reader)


def test_who_manages_the_rules_is_asked_for_the_holidays_of_the_next_year(monkeypatch):
    monkeypatch.setattr(working_days, "LIBRARY_YEARS", frozenset({2026}))
    supervisor, december = make_colleague(roles.SUPERVISOR), noon(date(2026, 12, 1))
    assert "holidays" not in cards_for(supervisor)
    card = cards_for(supervisor, at=december)["holidays"]
    assert card.note.startswith("2027 年的，")
    assert card.url == reverse("admin:regions_arrangedday_changelist")
    assert "holidays" not in cards_for(make_reviewer(), at=december)
