"""Two at once, with real threads on PostgreSQL: one activates, once."""

from datetime import timedelta

import pytest

from apps.activation import services
from apps.cards.enums import CardAction, CardStatus, RequestAction, RequestStatus
from apps.cards.models import Card
from apps.requests import sweeps
from apps.verification.enums import Purpose
from apps.verification.models import Check
from tests.contests import at_once
from tests.factories.cards import AT, make_request
from tests.factories.checks import pass_check
from tests.factories.people import make_guardianship, make_holder, make_ward

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 10
LATER = AT + timedelta(days=1)


def fresh(card):
    return Card.objects.select_related("holder__user", "city", "card_request").get(pk=card.pk)


def activation(card, by, at=LATER):
    card = fresh(card)
    pass_check(holder=card.holder, by=by, purpose=Purpose.ACTIVATE, at=at)
    return lambda: services.activate(card=card, by=by, at=at)


def add_guardian(guardian, ward):
    """A second guardian of `ward`, confirmed like the first."""
    make_guardianship(guardian, ward)


def assert_activated_once(card_request):
    assert fresh(card_request.card).status == CardStatus.ACTIVE
    assert card_request.card.events.filter(action=CardAction.ACTIVATE).count() == 1
    assert card_request.events.filter(action=RequestAction.COLLECT).count() == 1
    assert Check.objects.filter(holder=card_request.holder, status="USED").count() == 1


def test_of_two_activations_one_wins_and_the_other_keeps_its_check():
    for _ in range(ROUNDS):
        card_request = make_request(RequestStatus.DISPATCHED)
        by = card_request.applicant
        refusals = at_once(*[activation(card_request.card, by) for _ in range(2)])
        assert len(refusals) == 1
        assert_activated_once(card_request)


def test_of_two_guardians_one_activates():
    for _ in range(ROUNDS):
        one, other = make_holder(), make_holder()
        ward = make_ward(one)
        add_guardian(other, ward)
        card_request = make_request(RequestStatus.DISPATCHED, holder=ward, by=one.user)
        refusals = at_once(
            activation(card_request.card, one.user), activation(card_request.card, other.user)
        )
        assert len(refusals) == 1
        assert_activated_once(card_request)


def test_an_activation_and_the_worker_that_confirms_the_receipt_do_not_hinder_each_other():
    for _ in range(ROUNDS):
        at = AT + timedelta(days=60)
        card_request = make_request(RequestStatus.DISPATCHED)
        refusals = at_once(
            activation(card_request.card, card_request.applicant, at),
            lambda at=at: sweeps.collect_overdue(at=at, deadline=None),
        )
        assert refusals == []
        assert_activated_once(card_request)
