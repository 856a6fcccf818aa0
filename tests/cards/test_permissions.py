"""Who may act and what they see: the check and the querysets give one answer."""

from datetime import timedelta
from itertools import product

import pytest

from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.models import Card, CardRequest
from apps.cards.permissions import NotYours, role_of, role_of_visible
from apps.events.enums import Role
from apps.people import guardianships
from apps.people.models import Holder
from tests.factories.cards import AT, make_card, make_request
from tests.factories.people import (
    MOMENT,
    make_guardianship,
    make_holder,
    make_registration,
    make_reviewer,
    make_ward,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    """Accounts in every relation to the people of the town."""
    father, mother, stranger = make_holder(), make_holder(sex="2"), make_holder()
    child, other_child = make_ward(father), make_ward(stranger)
    make_guardianship(mother, child)
    make_registration(mother)  # of a child that HR has not confirmed
    guardianships.refuse(
        guardianship=make_registration(father), reason="看不清", by=make_reviewer(), at=MOMENT
    )
    make_request(RequestStatus.ACCEPTED, holder=child, by=father.user)
    make_card(CardStatus.ACTIVE, holder=other_child, by=stranger.user)
    make_card(CardStatus.ACTIVE, holder=mother)
    return [father.user, mother.user, stranger.user, make_reviewer()]


def role(user, holder, *, at):
    try:
        return role_of(user, holder, at=at)
    except NotYours:
        return None


def moments():
    """Now, and on both sides of the 16th birthday of every child."""
    ends = {holder.own_from_at for holder in Holder.objects.all()}
    return [AT, *(end + step for end in ends for step in (-timedelta(seconds=1), timedelta(0)))]


def test_who_may_act_for_a_person_sees_the_person_and_the_cards_and_nobody_else_does(town):
    roles = set()
    for user, at in product(town, moments()):
        seen = set(Holder.objects.visible_to(user, at=at))
        cards = set(Card.objects.visible_to(user, at=at))
        for holder in Holder.objects.all():
            own = role(user, holder, at=at)
            assert (own is not None) == (holder in seen)
            if own is not None:
                assert own == role_of_visible(user, holder)
            assert all((card in cards) == (own is not None) for card in holder.cards.all())
            roles.add(own)
    assert roles == {Role.HOLDER, Role.GUARDIAN, None}


def test_a_request_is_seen_by_who_may_act_and_to_its_end_by_the_guardians_that_were(town):
    father, mother, stranger, reviewer = town
    card_request = CardRequest.objects.get(holder__user=None, status=RequestStatus.ACCEPTED)
    grown_up = card_request.holder.own_from_at
    for user, at in product(town, (AT, grown_up - timedelta(seconds=1))):
        is_seen = card_request in CardRequest.objects.visible_to(user, at=at)
        assert is_seen == (role(user, card_request.holder, at=at) is not None)
    for user, is_seen in ((father, True), (mother, True), (stranger, False), (reviewer, False)):
        assert role(user, card_request.holder, at=grown_up) is None
        seen = CardRequest.objects.visible_to(user, at=grown_up)
        assert (card_request in seen) == is_seen
