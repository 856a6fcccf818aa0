"""启用: once, after a check, with the receipt where it is missing."""

from datetime import timedelta

import pytest

from apps.activation import policies, services
from apps.activation.refusals import ActivationRefused
from apps.cards.enums import CardAction, CardStatus, RequestAction, RequestStatus
from apps.cards.models import Card
from apps.cards.permissions import NotYours
from apps.common.moments import day_of
from apps.events.enums import AS_WORKER, Channel, Role
from apps.lifecycle import engine
from apps.lifecycle.refusals import Overtaken
from apps.regions.models import ServiceOpening
from apps.verification.enums import Purpose
from apps.verification.refusals import CheckRefused
from tests.factories.cards import AT, make_card, make_request
from tests.factories.checks import pass_check
from tests.factories.people import make_holder, make_ward

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=1)


def check_for(card, *, by=None, at=LATER):
    by = by or card.holder.user
    return pass_check(holder=card.holder, by=by, purpose=Purpose.ACTIVATE, at=at)


def activate(card, *, by=None, at=LATER):
    by = by or card.holder.user
    check_for(card, by=by, at=at)
    services.activate(card=card, by=by, at=at)


def test_activating_makes_a_sealed_card_usable_and_is_on_record():
    card = make_card(CardStatus.SEALED)
    activate(card)
    event = card.events.get(action=CardAction.ACTIVATE)
    assert Card.objects.get(pk=card.pk).status == CardStatus.ACTIVE
    assert (event.at, event.channel, event.role) == (LATER, Channel.WEB, Role.HOLDER)


def test_a_card_that_is_only_sent_is_received_by_activating_it():
    card_request = make_request(RequestStatus.DISPATCHED)
    activate(card_request.card)
    card_request.refresh_from_db()
    receipt = card_request.events.get(action=RequestAction.COLLECT)
    assert card_request.status == RequestStatus.COLLECTED
    assert (receipt.at, receipt.by, receipt.role) == (LATER, card_request.applicant, Role.HOLDER)


def test_a_receipt_that_the_worker_confirmed_a_moment_ago_is_as_good():
    card_request = make_request(RequestStatus.DISPATCHED)
    card = Card.objects.select_related("card_request", "holder").get(pk=card_request.card_id)
    engine.move(card_request, RequestAction.COLLECT, at=LATER, **AS_WORKER)
    assert card.card_request.status == RequestStatus.DISPATCHED
    activate(card)
    assert Card.objects.get(pk=card.pk).status == CardStatus.ACTIVE
    assert card_request.events.filter(action=RequestAction.COLLECT).count() == 1


def test_activating_needs_a_check_and_uses_it_up():
    card = make_card(CardStatus.SEALED)
    with pytest.raises(CheckRefused):
        services.activate(card=card, by=card.holder.user, at=LATER)
    check = check_for(card)
    services.activate(card=card, by=card.holder.user, at=LATER)
    check.refresh_from_db()
    assert (check.is_used, check.status_since) == (True, LATER)


@pytest.mark.parametrize("purpose", [Purpose.LOSS_REPORT, Purpose.APPLY, Purpose.REPLACE])
def test_a_check_for_another_matter_is_worth_nothing_here(purpose):
    card = make_card(CardStatus.SEALED)
    pass_check(holder=card.holder, by=card.holder.user, purpose=purpose, at=LATER)
    with pytest.raises(CheckRefused):
        services.activate(card=card, by=card.holder.user, at=LATER)


def test_a_check_expires_after_half_an_hour():
    card = make_card(CardStatus.SEALED)
    check_for(card, at=LATER)
    with pytest.raises(CheckRefused):
        services.activate(card=card, by=card.holder.user, at=LATER + timedelta(minutes=30))


def test_who_comes_second_is_told_and_keeps_the_check_and_the_receipt_is_not_doubled():
    card_request = make_request(RequestStatus.DISPATCHED)
    first = Card.objects.select_related("card_request", "holder").get(pk=card_request.card_id)
    second = Card.objects.select_related("card_request", "holder").get(pk=card_request.card_id)
    activate(first)
    check = check_for(second)
    with pytest.raises(Overtaken):
        services.activate(card=second, by=second.holder.user, at=LATER)
    check.refresh_from_db()
    assert not check.is_used
    assert second.events.filter(action=CardAction.ACTIVATE).count() == 1
    assert card_request.events.filter(action=RequestAction.COLLECT).count() == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (CardStatus.ACTIVE, "active"),
        (CardStatus.SUSPENDED, "suspended"),
        (CardStatus.LOST, "lost"),
        (CardStatus.RETIRED, "retired"),
    ],
)
def test_each_status_is_refused_with_a_sentence_of_its_own(status, code):
    card = make_card(status)
    check = check_for(card)
    with pytest.raises(ActivationRefused) as refusal:
        services.activate(card=card, by=card.holder.user, at=LATER)
    check.refresh_from_db()
    assert refusal.value.code == code
    assert not check.is_used


def test_a_suspension_that_is_over_reads_as_already_active():
    card = make_card(CardStatus.SUSPENDED)
    with pytest.raises(ActivationRefused) as refusal:
        policies.check_activatable(card=card, at=AT + timedelta(days=30))
    assert refusal.value.code == "active"


def test_a_card_that_is_made_but_not_sent_is_refused_with_a_way_to_its_progress():
    card_request = make_request(RequestStatus.PRODUCED)
    with pytest.raises(ActivationRefused) as refusal:
        policies.check_activatable(card=card_request.card, at=LATER)
    assert refusal.value.code == "not_dispatched"
    assert refusal.value.next_step[1] == card_request.get_absolute_url()


def test_where_the_service_is_not_open_the_bank_is_named():
    card = make_card(CardStatus.SEALED)
    ServiceOpening.objects.all().delete()
    with pytest.raises(ActivationRefused) as refusal:
        policies.check_activatable(card=card, at=LATER)
    assert refusal.value.code == "not_open"
    assert "没有开通线上启用" in refusal.value.message


def test_where_the_service_was_closed_it_is_said_so():
    card = make_card(CardStatus.SEALED)
    ServiceOpening.objects.update(open_until=day_of(AT) - timedelta(days=1))
    with pytest.raises(ActivationRefused) as refusal:
        policies.check_activatable(card=card, at=LATER)
    assert "已停办线上启用" in refusal.value.message
    assert "没有开通" not in refusal.value.message


def test_a_guardian_activates_for_the_child_and_a_stranger_does_not():
    guardian = make_holder()
    card = make_card(CardStatus.SEALED, holder=make_ward(guardian), by=guardian.user)
    stranger = make_holder().user
    with pytest.raises(NotYours):
        services.activate(card=card, by=stranger, at=LATER)
    activate(card, by=guardian.user)
    assert card.events.get(action=CardAction.ACTIVATE).role == Role.GUARDIAN
