"""What is offered for a card, and that the services do what is offered and refuse the rest."""

from datetime import timedelta

import pytest

from apps.cards.enums import CardAction, CardStatus
from apps.loss_report import services
from apps.loss_report.offers import offers, offers_of
from apps.regions.models import ServiceOpening
from apps.verification.enums import Purpose
from tests.factories.cards import AT, make_card
from tests.factories.checks import pass_check
from tests.factories.loss_reports import report
from tests.factories.people import make_holder, make_ward
from tests.kept_offers import assert_kept

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=2)
LONG_AFTER = AT + timedelta(days=30)


def open_actions(card, *, at=LATER):
    return {offer.action for offer in offers(card, by=card.holder.user, at=at).open}


@pytest.mark.parametrize(
    ("status", "at", "expected"),
    [
        (CardStatus.SEALED, LATER, set()),
        (CardStatus.ACTIVE, LATER, {CardAction.REPORT_LOSS}),
        (CardStatus.SUSPENDED, LATER, {CardAction.LIFT}),
        (CardStatus.SUSPENDED, LONG_AFTER, {CardAction.REPORT_LOSS}),
        (CardStatus.LOST, LATER, set()),
        (CardStatus.RETIRED, LATER, set()),
    ],
)
def test_each_status_offers_what_can_be_done_then(status, at, expected):
    assert open_actions(make_card(status), at=at) == expected


def do_report(card):
    report(card, at=LATER)


def do_lift(card):
    by = card.holder.user
    pass_check(holder=card.holder, by=by, purpose=Purpose.LOSS_REPORT, at=LATER)
    services.lift(card=card, by=by, at=LATER)


@pytest.mark.parametrize("status", CardStatus)
@pytest.mark.parametrize(
    ("action", "do"), [(CardAction.REPORT_LOSS, do_report), (CardAction.LIFT, do_lift)]
)
def test_no_offer_ends_in_a_refusal_and_a_closed_one_says_what_the_service_says(status, action, do):
    card = make_card(status)
    assert_kept(offers(card, by=card.holder.user, at=LATER).of(action), lambda: do(card))


def test_where_the_service_is_not_open_it_is_not_offered():
    card = make_card()
    ServiceOpening.objects.all().delete()
    assert open_actions(card) == set()
    assert "12333" in offers(card, by=card.holder.user, at=LATER).of("REPORT_LOSS").why_not


def test_a_guardian_is_offered_the_same_for_a_child():
    guardian = make_holder()
    card = make_card(holder=make_ward(guardian), by=guardian.user)
    assert offers(card, by=guardian.user, at=LATER).main.action == CardAction.REPORT_LOSS


@pytest.mark.parametrize("count", [2, 6])
def test_the_offers_of_many_cards_take_one_query(count, django_assert_num_queries):
    guardian = make_holder()
    cards = [make_card(holder=make_ward(guardian), by=guardian.user) for _ in range(count)]
    with django_assert_num_queries(1):
        assert len(offers_of(cards, by=guardian.user, at=LATER)) == count
