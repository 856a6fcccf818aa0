"""A move of one row: how many statements it is, and what is left when it is not made."""

from datetime import timedelta

import pytest
from django.db import DataError, connection, transaction

from apps.cards.enums import CardAction, CardStatus
from apps.cards.models import Card
from apps.encryption import fields
from apps.events.enums import AS_WORKER, Channel, Role
from apps.events.models import Event
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed, Overtaken
from tests.factories.cards import AT, make_card

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=1)


def activate(card, **details):
    whom = {"by": card.holder.user, "role": Role.HOLDER, "channel": Channel.WEB} | details
    return engine.move(card, CardAction.ACTIVATE, at=LATER, **whom)


def test_inside_a_transaction_a_move_is_one_statement_where_the_database_can(
    django_assert_num_queries,
):
    card = make_card(CardStatus.SEALED)
    can = connection.vendor == "postgresql"
    # SQLite: a savepoint, the row, the event, the end of the savepoint.
    with transaction.atomic(), django_assert_num_queries(1 if can else 4):
        event = activate(card)
    assert card.events.last() == event
    assert not event._state.adding
    assert Card.objects.get(pk=card.pk).status == card.status == CardStatus.ACTIVE


def test_who_comes_second_can_go_on_with_the_transaction():
    card, other = make_card(CardStatus.SEALED), make_card(CardStatus.SEALED)
    stale = Card.objects.get(pk=card.pk)
    activate(card)
    with transaction.atomic():
        with pytest.raises(Overtaken):
            activate(stale)
        activate(other)
    assert Card.objects.filter(status=CardStatus.ACTIVE).count() == 2
    assert Event.objects.filter(action=CardAction.ACTIVATE).count() == 2


def test_who_comes_second_has_the_row_as_it_is_now_and_nothing_was_decrypted(monkeypatch):
    card = make_card(CardStatus.SEALED)
    stale = Card.objects.select_related("holder").get(pk=card.pk)
    activate(card)
    monkeypatch.setattr(fields, "decrypt", lambda token: pytest.fail("decrypted"))
    with pytest.raises(Overtaken):
        activate(stale)
    assert (stale.status, stale.status_since) == (CardStatus.ACTIVE, LATER)
    assert not Card._meta.get_field("holder").is_cached(stale)


def test_a_held_row_that_is_not_there_is_an_error():
    with transaction.atomic(), pytest.raises(Card.DoesNotExist):
        Card.held(0)


def test_a_move_that_follows_an_end_leaves_the_end_unwritten_when_it_is_refused():
    card = make_card(CardStatus.SUSPENDED)
    with transaction.atomic(), pytest.raises(NotAllowed):
        engine.move(
            card,
            CardAction.LIFT,
            by=card.holder.user,
            role=Role.HOLDER,
            at=card.suspended_until,
            channel=Channel.WEB,
        )
    assert Card.objects.get().status == CardStatus.SUSPENDED


@pytest.mark.postgres
def test_a_text_that_is_too_long_for_the_book_is_refused_and_never_cut_off():
    card = make_card(CardStatus.SUSPENDED)
    with pytest.raises(DataError), transaction.atomic():
        engine.move(card, CardAction.EXPIRE, at=LATER, **AS_WORKER | {"channel": "X" * 11})
    assert Card.objects.get().status == CardStatus.SUSPENDED
