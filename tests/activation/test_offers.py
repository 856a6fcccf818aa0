"""What is offered for a new card, and that the service does it or refuses it in the same words."""

from datetime import timedelta

import pytest

from apps.activation import services
from apps.activation.offers import to_activate
from apps.activation.refusals import NotOpenHere
from apps.cards.enums import CardStatus, RequestStatus
from apps.regions.models import ServiceOpening
from apps.verification.enums import Purpose
from tests.factories.cards import AT, make_card, make_request
from tests.factories.checks import pass_check
from tests.factories.people import make_holder, make_ward
from tests.kept_offers import assert_kept

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=2)


def offered(card, *, at=LATER):
    (offer,) = to_activate([card], by=card.holder.user, at=at)
    return offer


def activate(card):
    by = card.holder.user
    pass_check(holder=card.holder, by=by, purpose=Purpose.ACTIVATE, at=LATER)
    services.activate(card=card, by=by, at=LATER)


def make_on_its_way(status):
    return make_request(status).card


@pytest.mark.parametrize("is_open", [True, False])
@pytest.mark.parametrize(
    ("make", "status"),
    [
        *(
            (make_on_its_way, status)
            for status in (RequestStatus.PRODUCED, RequestStatus.DISPATCHED)
        ),
        *((make_card, status) for status in CardStatus),
    ],
)
def test_no_offer_ends_in_a_refusal_and_a_closed_one_says_what_the_service_says(
    make, status, is_open
):
    card = make(status)
    if not is_open:
        ServiceOpening.objects.all().delete()
    offer = offered(card)
    assert offer.is_open == (is_open and status in (RequestStatus.DISPATCHED, CardStatus.SEALED))
    assert_kept(offer, lambda: activate(card))


def test_where_the_city_does_it_at_the_counter_only_the_refusal_is_of_its_own_kind():
    card = make_card(CardStatus.SEALED)
    ServiceOpening.objects.all().delete()
    assert isinstance(offered(card).refusal, NotOpenHere)


@pytest.mark.parametrize("count", [2, 6])
def test_the_offers_of_many_cards_take_one_query(count, django_assert_num_queries):
    guardian = make_holder()
    cards = [
        make_card(CardStatus.SEALED, holder=make_ward(guardian), by=guardian.user)
        for _ in range(count)
    ]
    with django_assert_num_queries(1):
        assert len(to_activate(cards, by=guardian.user, at=LATER)) == count
