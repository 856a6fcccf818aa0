"""What a card was at a moment, from its events."""

from datetime import timedelta

import pytest

from apps.cards.enums import CardAction, CardStatus
from apps.cards.history import status_of_card_at
from apps.cards.models import Card
from apps.events.enums import AS_WORKER, Channel, Role
from apps.lifecycle import engine
from tests.factories.cards import AT, make_card

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REPORTED = AT + HOUR
UNTIL = REPORTED + 7 * DAY


def status_at(card, at):
    card = Card.objects.get(pk=card.pk)
    events = list(card.events)
    return status_of_card_at(events, at, suspended_until=card.suspended_until)


def test_before_it_was_made_a_card_has_no_status():
    assert status_at(make_card(), AT) is None


def test_a_moment_is_judged_by_the_last_move_before_it():
    card = make_card(CardStatus.SUSPENDED)
    assert status_at(card, REPORTED - timedelta(seconds=1)) == CardStatus.SEALED
    assert status_at(card, REPORTED) == CardStatus.SUSPENDED
    assert status_at(card, UNTIL - timedelta(seconds=1)) == CardStatus.SUSPENDED


def test_an_end_that_nobody_has_written_down_is_an_end():
    card = make_card(CardStatus.SUSPENDED)
    assert status_at(card, UNTIL) == CardStatus.ACTIVE
    assert card.events.last().action == CardAction.REPORT_LOSS


def test_an_end_that_was_written_down_late_counts_from_when_it_was_due():
    card = make_card(CardStatus.SUSPENDED)
    engine.move(card, CardAction.EXPIRE, at=UNTIL + 3 * DAY, due_at=UNTIL, **AS_WORKER)
    assert status_at(card, UNTIL - timedelta(seconds=1)) == CardStatus.SUSPENDED
    assert status_at(card, UNTIL) == CardStatus.ACTIVE
    assert status_at(card, UNTIL + DAY) == CardStatus.ACTIVE


def test_the_end_of_a_later_suspension_says_nothing_about_an_earlier_one():
    card = make_card(CardStatus.SUSPENDED)
    own = {"by": card.holder.user, "role": Role.HOLDER, "channel": Channel.WEB}
    engine.move(card, CardAction.LIFT, at=REPORTED + DAY, **own)
    again = REPORTED + 2 * DAY
    engine.move(card, CardAction.REPORT_LOSS, at=again, suspended_until=again + DAY, **own)
    assert status_at(card, REPORTED + HOUR) == CardStatus.SUSPENDED
    assert status_at(card, REPORTED + DAY + HOUR) == CardStatus.ACTIVE
    assert status_at(card, again + HOUR) == CardStatus.SUSPENDED
    assert status_at(card, again + DAY) == CardStatus.ACTIVE
