"""Two at once, with real threads on PostgreSQL: in any order the data stays consistent."""

from datetime import timedelta

import pytest

from apps.application import pages
from apps.application import services as application
from apps.cards.enums import CardAction, CardStatus, ReplacementReason, RequestAction
from apps.cards.models import Card, CardRequest
from apps.loss_report import services as loss_report
from apps.replacement import services
from apps.replacement.enums import FormalLossStatus
from apps.replacement.models import FormalLoss
from apps.requests import services as requests
from apps.requests.models import Particulars
from apps.verification.enums import Purpose
from tests.contests import at_once
from tests.factories.checks import pass_check
from tests.factories.formal_losses import (
    DECLARED,
    declare,
    make_formal_loss,
    make_lost_card,
    make_replacement_draft,
)
from tests.factories.people import make_reviewer

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 10
LATER = DECLARED + timedelta(days=1, hours=1)


def fresh(card):
    return Card.objects.select_related("holder__user", "city", "bank").get(pk=card.pk)


def fresh_loss(loss):
    return FormalLoss.objects.select_related("card__holder").get(pk=loss.pk)


def beginning(card):
    card = fresh(card)
    return lambda: services.start(
        card=card,
        reason=ReplacementReason.LOST,
        city=card.city,
        bank=card.bank,
        ip="127.0.0.1",
        by=card.holder.user,
        at=LATER,
    )


def declaring(card):
    mine = fresh(card)
    return lambda: declare(mine, at=LATER)


def submission(draft):
    """Somebody's submission, who has passed the check for it."""
    pass_check(
        holder=draft.holder,
        by=draft.applicant,
        purpose=Purpose.REPLACE,
        card_request=draft,
        at=LATER,
    )
    mine = CardRequest.objects.select_related(
        "holder", "particulars", "applicant", "city", "bank"
    ).get(pk=draft.pk)
    return lambda: application.submit(
        card_request=mine, shown=pages.token(mine), by=mine.applicant, at=LATER
    )


def test_two_beginnings_make_one_draft():
    for _ in range(ROUNDS):
        card = make_lost_card()
        assert at_once(beginning(card), beginning(card)) == []
        assert CardRequest.objects.filter(old_card=card).count() == 1


def test_of_two_submissions_one_counts():
    for _ in range(ROUNDS):
        draft = make_replacement_draft()
        refusals = at_once(submission(draft), submission(draft))
        assert len(refusals) == 1
        assert draft.events.filter(action=RequestAction.SUBMIT).count() == 1


def test_of_two_declarations_one_counts():
    for _ in range(ROUNDS):
        card = make_lost_card()
        services.withdraw(loss=card.formal_losses.get(), reason="x", by=make_reviewer(), at=LATER)
        refusals = at_once(*[declaring(card) for _ in range(2)])
        assert [refusal.code for refusal in refusals] == ["declared"]
        assert card.formal_losses.open().count() == 1


def test_a_temporary_and_a_formal_loss_at_once_leave_the_card_lost():
    for _ in range(ROUNDS):
        loss = fresh_loss(make_formal_loss())
        card, reviewer = fresh(loss.card), make_reviewer()
        end = loss_report.end_if_reported(card=card, at=LATER)
        refusals = at_once(
            lambda card=card, end=end: loss_report.report_loss(
                card=card, agreed_end=end, by=card.holder.user, at=LATER
            ),
            lambda loss=loss, by=reviewer: services.confirm(loss=loss, by=by, at=LATER),
        )
        now = fresh(card)
        assert (now.status, now.suspended_until) == (CardStatus.LOST, None)
        reported = now.events.filter(action=CardAction.REPORT_LOSS).count()
        assert reported + len(refusals) == 1
        assert now.loss_reports.count() == reported
        assert fresh_loss(loss).status == FormalLossStatus.CONFIRMED


def test_of_two_reviewers_one_decides():
    for _ in range(ROUNDS):
        loss = make_formal_loss()
        first, second = fresh_loss(loss), fresh_loss(loss)
        one, other = make_reviewer(), make_reviewer()
        refusals = at_once(
            lambda first=first, by=one: services.confirm(loss=first, by=by, at=LATER),
            lambda second=second, by=other: services.refuse(
                loss=second, reason="不属实", by=by, at=LATER
            ),
        )
        assert [refusal.code for refusal in refusals] == ["decided"]
        is_lost = fresh(loss.card).status == CardStatus.LOST
        assert is_lost == (fresh_loss(loss).status == FormalLossStatus.CONFIRMED)


def test_a_withdrawn_loss_and_a_submitted_replacement_never_meet():
    for _ in range(ROUNDS):
        draft = make_replacement_draft()
        card = draft.old_card
        loss, reviewer = fresh_loss(card.formal_losses.get()), make_reviewer()
        refusals = at_once(
            submission(draft),
            lambda loss=loss, by=reviewer: services.withdraw(
                loss=loss, reason="找到了", by=by, at=LATER
            ),
        )
        assert len(refusals) == 1
        is_submitted = CardRequest.objects.filter(old_card=card).submitted().exists()
        assert fresh(card).status == (CardStatus.LOST if is_submitted else CardStatus.ACTIVE)


def test_a_draft_is_submitted_or_discarded():
    for _ in range(ROUNDS):
        draft = make_replacement_draft()
        mine = CardRequest.objects.select_related("holder").get(pk=draft.pk)
        refusals = at_once(
            submission(draft),
            lambda mine=mine: requests.discard(card_request=mine, by=mine.applicant, at=LATER),
        )
        assert len(refusals) == 1
        draft.refresh_from_db()
        is_empty = not Particulars.objects.get(card_request=draft).address
        assert is_empty == draft.is_discarded
