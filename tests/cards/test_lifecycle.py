"""What the tables of moves do not say. The tables themselves are tested in test_tables.py."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from apps.cards.enums import CardAction, CardStatus, RequestAction, RequestStatus
from apps.cards.lifecycle import CARD, REQUEST
from apps.cards.models import Card, CardRequest
from apps.events.enums import AS_WORKER, Channel, Role
from apps.events.models import Event
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed, Overtaken
from tests.factories.cards import AT, make_card, make_draft, make_request
from tests.factories.people import make_holder, make_reviewer

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=2)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.WORKER])
def test_only_the_worker_issues_a_card(role):
    card = Card(holder=make_holder(), card_number="T90000000")
    with pytest.raises(NotAllowed):
        engine.begin(card, CardAction.ISSUE, by=None, role=role, at=LATER, channel=Channel.WORKER)
    assert not Card.objects.exists()


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.WORKER, Role.GATEWAY])
def test_only_the_holder_or_a_guardian_begins_a_request(role):
    card_request = CardRequest(holder=make_holder())
    with pytest.raises(NotAllowed):
        engine.begin(
            card_request, RequestAction.SAVE, by=None, role=role, at=LATER, channel=Channel.WEB
        )
    assert not CardRequest.objects.exists()


def test_every_action_and_every_status_stands_in_a_table():
    assert set(CARD.moves) == set(CardAction)
    assert set(REQUEST.moves) == set(RequestAction)
    for moves, statuses in ((CARD.moves, CardStatus), (REQUEST.moves, RequestStatus)):
        reached = {rule.target for rule in moves.values()}
        assert reached == set(statuses)


def test_who_reads_a_stale_row_loses_and_learns_who_was_first():
    card_request = make_request(RequestStatus.ACCEPTED)
    stale = CardRequest.objects.get(pk=card_request.pk)
    first = make_reviewer()
    review = {"role": Role.REVIEWER, "at": LATER, "channel": Channel.ADMIN}
    engine.move(card_request, RequestAction.APPROVE, by=first, **review)

    with pytest.raises(Overtaken) as refusal:
        engine.move(stale, RequestAction.REJECT, by=make_reviewer(), **review)

    assert refusal.value.row.events.last().by == first
    assert stale.status == RequestStatus.APPROVED


def test_a_suspension_that_has_ended_reads_active_before_any_worker_ran():
    card = make_card(CardStatus.SUSPENDED)
    end = card.suspended_until

    assert card.status_at(end - timedelta(microseconds=1)) == CardStatus.SUSPENDED
    assert card.status_at(end) == CardStatus.ACTIVE
    assert Card.objects.get(pk=card.pk).status == CardStatus.SUSPENDED


def test_a_move_after_an_unwritten_expiry_writes_the_expiry_first():
    card = make_card(CardStatus.SUSPENDED)
    end = card.suspended_until
    at = end + timedelta(hours=3)

    engine.move(
        card,
        CardAction.REPORT_LOSS,
        by=card.holder.user,
        role=Role.HOLDER,
        at=at,
        channel=Channel.WEB,
        suspended_until=at + timedelta(days=7),
    )

    expiry, report = card.events.order_by("-pk")[:2][::-1]
    assert (expiry.action, expiry.due_at, expiry.at) == (CardAction.EXPIRE, end, at)
    assert report.action == CardAction.REPORT_LOSS


def test_lifting_a_suspension_that_has_ended_is_refused():
    card = make_card(CardStatus.SUSPENDED)
    with pytest.raises(NotAllowed):
        engine.move(
            card,
            CardAction.LIFT,
            by=card.holder.user,
            role=Role.HOLDER,
            at=card.suspended_until,
            channel=Channel.WEB,
        )


def test_one_person_has_one_request_in_flight_at_most():
    card_request = make_draft()
    second = CardRequest(
        holder=card_request.holder,
        applicant=card_request.applicant,
        kind="FIRST",
        city=card_request.city,
        bank=card_request.bank,
        status=RequestStatus.DRAFT,
        status_since=AT,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()


def test_one_person_has_one_card_in_hand_at_most():
    card = make_card(CardStatus.ACTIVE)
    with pytest.raises(IntegrityError), transaction.atomic():
        engine.begin(
            Card(holder=card.holder, city=card.city, bank=card.bank, card_number="T90000000"),
            CardAction.ISSUE,
            at=LATER,
            **AS_WORKER,
        )


@pytest.mark.parametrize(
    "statement",
    ["UPDATE events_event SET reason = 'x'", "DELETE FROM events_event"],
)
def test_the_database_refuses_to_change_or_delete_an_event(statement):
    make_draft()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Event.objects.count() == 1
