"""正式挂失: who declares it, who decides, and what cannot be undone."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.application import pages
from apps.application import services as application
from apps.cards.enums import CardAction, CardStatus, RequestStatus
from apps.cards.models import Card
from apps.cards.permissions import MayNotReview, NotYours
from apps.events.enums import AS_WORKER, Channel, Role
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed
from apps.loss_report import expiry
from apps.loss_report.enums import LossReportStatus
from apps.loss_report.models import LossReport
from apps.replacement import integrity, services
from apps.replacement.enums import FormalLossAction, FormalLossStatus
from apps.replacement.models import FormalLoss
from apps.replacement.refusals import FormalLossRefused, NotReplaceable
from apps.requests.services import submit, withdraw
from tests.factories.cards import AT, make_card, make_request
from tests.factories.formal_losses import (
    DECLARED,
    confirm,
    declare,
    make_formal_loss,
    make_lost_card,
    make_replacement_draft,
)
from tests.factories.loss_reports import report
from tests.factories.people import make_holder, make_reviewer, make_ward

pytestmark = pytest.mark.django_db

LATER = DECLARED + timedelta(hours=2)


def status(card):
    return Card.objects.get(pk=card.pk).status


@pytest.mark.parametrize("of", [CardStatus.ACTIVE, CardStatus.SUSPENDED])
def test_a_declaration_leaves_the_card_as_it_is(of):
    loss = make_formal_loss(status=of)
    assert loss.status == FormalLossStatus.WAITING
    assert status(loss.card) == of


@pytest.mark.parametrize(
    ("of", "code"),
    [
        (CardStatus.SEALED, "sealed"),
        (CardStatus.LOST, "lost"),
        (CardStatus.RETIRED, "retired"),
    ],
)
def test_a_card_that_cannot_be_lost_is_refused_with_its_own_sentence(of, code):
    with pytest.raises(FormalLossRefused) as refusal:
        make_formal_loss(status=of)
    assert refusal.value.code == code


def test_a_second_declaration_is_refused_while_one_is_open():
    loss = make_formal_loss()
    with pytest.raises(FormalLossRefused) as refusal:
        declare(loss.card)
    assert refusal.value.code == "declared"
    assert FormalLoss.objects.count() == 1


def test_a_stranger_can_declare_nothing():
    with pytest.raises(NotYours):
        make_formal_loss(by=make_holder().user)


def test_a_guardian_declares_for_a_child():
    guardian = make_holder()
    card = make_card(holder=make_ward(guardian), by=guardian.user)
    assert declare(card, by=guardian.user).declared_by == guardian.user


@pytest.mark.parametrize(
    "wrong",
    [
        {"place": "", "receipt_number": ""},
        {"is_sworn": False},
        {"status": "LOST"},
        {"status": "REFUSED"},
        {"status": "WITHDRAWN"},
        {"decision_reason": "没有人拒绝"},
        {"status": "CONFIRMED", "decision_reason": "x"},
    ],
)
def test_the_database_holds_no_half_a_formal_loss(wrong):
    loss = make_formal_loss()
    with pytest.raises(IntegrityError), transaction.atomic():
        FormalLoss.objects.filter(pk=loss.pk).update(**wrong)


@pytest.mark.parametrize("of", [CardStatus.ACTIVE, CardStatus.SUSPENDED])
def test_a_reviewer_confirms_and_the_card_is_stopped_without_an_end(of):
    loss = make_formal_loss(status=of)
    reviewer = make_reviewer()
    confirm(loss, by=reviewer)
    card = Card.objects.get(pk=loss.card_id)
    assert (card.status, card.suspended_until) == (CardStatus.LOST, None)
    decision = loss.events.get(action=FormalLossAction.CONFIRM)
    assert (loss.status, decision.by, decision.at) == (
        FormalLossStatus.CONFIRMED,
        reviewer,
        LATER,
    )
    event = card.events.get(action=CardAction.CONFIRM_LOSS)
    assert (event.by, event.role, event.channel) == (reviewer, Role.REVIEWER, Channel.ADMIN)


def test_a_running_temporary_loss_is_converted_and_its_end_no_longer_touches_the_card():
    card = make_card()
    temporary = report(card, at=DECLARED)
    confirm(declare(card))
    over = temporary.ends_at + timedelta(minutes=1)
    expiry.expire_due(at=over, deadline=None)
    temporary = LossReport.objects.get(pk=temporary.pk)
    assert (temporary.status, temporary.end(over).at) == (LossReportStatus.CONVERTED, LATER)
    card = Card.objects.get(pk=card.pk)
    assert card.status_at(over) == CardStatus.LOST
    assert not card.events.filter(action=CardAction.EXPIRE).exists()


def test_a_converted_temporary_loss_reads_so_before_any_worker_ran():
    card = make_card()
    report(card, at=DECLARED)
    confirm(declare(card))
    temporary = LossReport.objects.get()
    assert temporary.end(LATER).status == LossReportStatus.CONVERTED


def test_a_suspension_that_had_ended_is_written_down_before_the_formal_loss():
    card = make_card()
    temporary = report(card, at=DECLARED)
    loss = declare(card)
    confirm(loss, at=temporary.ends_at + timedelta(hours=1))
    actions = list(card.events.order_by("-pk").values_list("action", flat=True)[:2])
    assert actions == [CardAction.CONFIRM_LOSS, CardAction.EXPIRE]


def test_a_refusal_has_a_reason_and_leaves_the_card():
    loss = make_formal_loss()
    services.refuse(loss=loss, reason=" 请补充回执号 ", by=make_reviewer(), at=LATER)
    assert (loss.status, loss.decision_reason) == (FormalLossStatus.REFUSED, "请补充回执号")
    assert status(loss.card) == CardStatus.ACTIVE


def test_a_refused_loss_can_be_declared_again():
    loss = make_formal_loss()
    services.refuse(loss=loss, reason="请补充回执号", by=make_reviewer(), at=LATER)
    assert declare(loss.card, at=LATER).status == FormalLossStatus.WAITING


@pytest.mark.parametrize("verb", [services.refuse, services.withdraw])
def test_a_reason_is_asked_for(verb):
    loss = make_formal_loss()
    with pytest.raises(FormalLossRefused) as refusal:
        verb(loss=loss, reason="  ", by=make_reviewer(), at=LATER)
    assert refusal.value.code == "no_reason"


def test_of_two_decisions_the_second_is_refused():
    loss = make_formal_loss()
    confirm(FormalLoss.objects.get(pk=loss.pk))
    with pytest.raises(FormalLossRefused) as refusal:
        services.refuse(loss=loss, reason="不属实", by=make_reviewer(), at=LATER)
    assert refusal.value.code == "decided"
    assert FormalLoss.objects.get().status == FormalLossStatus.CONFIRMED


def test_a_card_that_was_retired_meanwhile_keeps_the_loss_undecided():
    loss = make_formal_loss()
    engine.move(loss.card, CardAction.RETIRE, at=LATER, **AS_WORKER)
    with pytest.raises(NotAllowed):
        confirm(loss)
    assert FormalLoss.objects.get().status == FormalLossStatus.WAITING


def test_nobody_decides_on_their_own_or_on_a_child_s_loss():
    reviewer = make_reviewer()
    own = make_holder(user=reviewer)
    ward = make_ward(own)
    for loss in (
        make_formal_loss(card=make_card(holder=own)),
        make_formal_loss(card=make_card(holder=ward, by=reviewer), by=reviewer),
    ):
        for verb in (
            lambda loss=loss: confirm(loss, by=reviewer),
            lambda loss=loss: services.refuse(loss=loss, reason="x", by=reviewer, at=LATER),
            lambda loss=loss: services.withdraw(loss=loss, reason="x", by=reviewer, at=LATER),
        ):
            with pytest.raises(MayNotReview):
                verb()


def test_who_is_no_reviewer_decides_nothing():
    loss = make_formal_loss()
    with pytest.raises(MayNotReview):
        confirm(loss, by=make_holder().user)


def test_the_holder_takes_a_waiting_declaration_back():
    loss = make_formal_loss()
    services.take_back(loss=loss, by=loss.declared_by, at=LATER)
    assert loss.status == FormalLossStatus.WITHDRAWN
    assert declare(loss.card, at=LATER).status == FormalLossStatus.WAITING


def test_a_confirmed_loss_cannot_be_taken_back_by_the_holder():
    loss = make_formal_loss()
    confirm(loss)
    with pytest.raises(FormalLossRefused):
        services.take_back(loss=loss, by=loss.declared_by, at=LATER)
    assert status(loss.card) == CardStatus.LOST


def test_a_stranger_takes_nothing_back():
    with pytest.raises(NotYours):
        services.take_back(loss=make_formal_loss(), by=make_holder().user, at=LATER)


def withdraw_loss(card):
    services.withdraw(
        loss=card.formal_losses.get(), reason="卡找到了", by=make_reviewer(), at=LATER
    )


def test_a_reviewer_withdraws_while_no_replacement_is_requested():
    card = make_lost_card()
    withdraw_loss(card)
    assert status(card) == CardStatus.ACTIVE
    assert card.formal_losses.get().status == FormalLossStatus.WITHDRAWN


def test_a_draft_holds_no_loss_and_cannot_be_submitted_afterwards():
    draft = make_replacement_draft()
    withdraw_loss(draft.old_card)
    assert status(draft.old_card) == CardStatus.ACTIVE
    with pytest.raises(NotReplaceable) as refusal:
        application.submit(
            card_request=draft,
            shown=pages.token(draft),
            by=draft.applicant,
            at=LATER + timedelta(days=1),
        )
    assert refusal.value.code == "loss_withdrawn"
    assert not any(list(rule.breaches(LATER)) for rule in integrity.INVARIANTS)


def test_a_requested_replacement_keeps_the_loss_from_being_withdrawn():
    draft = make_replacement_draft()
    submit(card_request=draft, by=draft.applicant, at=LATER + timedelta(days=1))
    with pytest.raises(FormalLossRefused) as refusal:
        withdraw_loss(draft.old_card)
    assert refusal.value.code == "replacement_requested"
    assert draft.reference in refusal.value.message
    assert status(draft.old_card) == CardStatus.LOST


def test_after_a_withdrawn_replacement_the_loss_can_be_withdrawn():
    draft = make_replacement_draft()
    at = LATER + timedelta(days=1)
    submit(card_request=draft, by=draft.applicant, at=at)
    withdraw(card_request=draft, by=draft.applicant, at=at)
    withdraw_loss(draft.old_card)
    assert status(draft.old_card) == CardStatus.ACTIVE


def test_a_loss_that_is_not_confirmed_is_not_withdrawn():
    with pytest.raises(FormalLossRefused) as refusal:
        withdraw_loss(make_formal_loss().card)
    assert refusal.value.code == "decided"


def test_str_names_nobody():
    assert str(make_formal_loss()).startswith("正式挂失 #")


def test_a_request_of_somebody_else_does_not_hold_a_loss():
    make_request(RequestStatus.ACCEPTED)
    card = make_lost_card(at=AT + timedelta(days=1))
    withdraw_loss(card)
    assert status(card) == CardStatus.ACTIVE
