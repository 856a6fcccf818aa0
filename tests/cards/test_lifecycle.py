"""The tables of moves, tested over their whole product."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from apps.cards import lifecycle
from apps.cards.enums import (
    CardAction,
    CardStatus,
    Channel,
    RequestAction,
    RequestStatus,
    Role,
)
from apps.cards.lifecycle import CARD_MOVES, REQUEST_MOVES, NotAllowed, Overtaken
from apps.cards.models import Card, CardEvent, CardRequest
from tests.factories.cards import AS_WORKER, AT, make_card, make_draft, make_request
from tests.factories.people import make_holder, make_reviewer

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=2)
CARD_CHANGES = {CardAction.REPORT_LOSS: {"suspended_until": LATER + timedelta(days=7)}}


def someone(row, role):
    if role in (Role.WORKER, Role.GATEWAY):
        return None
    return make_reviewer() if role == Role.REVIEWER else row.holder.user


def role_for(rule):
    return next(role for role in Role if role in rule.by)


@pytest.mark.parametrize(("status", "action"), list(product(CardStatus, CardAction)))
def test_a_card_moves_exactly_as_the_table_says(status, action):
    rule = CARD_MOVES[action]
    card = make_card(status)
    role = role_for(rule)
    events = card.events.count()

    def attempt():
        lifecycle.move(
            card,
            action,
            by=someone(card, role),
            role=role,
            at=LATER,
            channel=Channel.WEB,
            **CARD_CHANGES.get(action, {}),
        )

    if status in rule.sources:
        attempt()
        stored = Card.objects.get(pk=card.pk)
        assert stored.status == card.status == rule.target
        assert (stored.suspended_until is None) == (rule.target != CardStatus.SUSPENDED)
        event = card.events.latest("pk")
        assert (event.action, event.from_status, event.to_status) == (action, status, rule.target)
        assert (event.at, event.role) == (LATER, role)
    else:
        with pytest.raises(NotAllowed):
            attempt()
        assert Card.objects.get(pk=card.pk).status == status
        assert card.events.count() == events


def request_changes(request, action):
    if action == RequestAction.PRODUCE and request.status == RequestStatus.APPROVED:
        card = Card(
            holder=request.holder, city=request.city, bank=request.bank, card_number="T90000000"
        )
        lifecycle.begin(card, CardAction.ISSUE, at=LATER, **AS_WORKER)
        return {"card": card}
    return {}


@pytest.mark.parametrize(("status", "action"), list(product(RequestStatus, RequestAction)))
def test_a_request_moves_exactly_as_the_table_says(status, action):
    rule = REQUEST_MOVES[action]
    request = make_request(status)
    role = role_for(rule)
    events = request.events.count()

    def attempt():
        lifecycle.move(
            request,
            action,
            by=someone(request, role),
            role=role,
            at=LATER,
            channel=Channel.WEB,
            **request_changes(request, action),
        )

    if status in rule.sources:
        attempt()
        stored = CardRequest.objects.get(pk=request.pk)
        assert stored.status == request.status == rule.target
        assert stored.status_since == LATER
        event = request.events.latest("pk")
        assert (event.action, event.from_status, event.to_status) == (action, status, rule.target)
    else:
        with pytest.raises(NotAllowed):
            attempt()
        assert CardRequest.objects.get(pk=request.pk).status == status
        assert request.events.count() == events


@pytest.mark.parametrize(("action", "role"), list(product(CardAction, Role)))
def test_a_card_moves_only_for_the_roles_of_the_table(action, role):
    rule = CARD_MOVES[action]
    source = next(iter(sorted(rule.sources)), None)
    if source is None:
        card = Card(holder=make_holder(), card_number="T90000000")
        if role not in rule.by:
            with pytest.raises(NotAllowed):
                lifecycle.begin(card, action, by=None, role=role, at=LATER, channel=Channel.WORKER)
            assert not Card.objects.exists()
        return
    card = make_card(source)
    assert lifecycle.is_allowed(card, action, role=role, at=LATER) == (role in rule.by)
    if role not in rule.by:
        with pytest.raises(NotAllowed) as refusal:
            lifecycle.move(
                card,
                action,
                by=someone(card, role),
                role=role,
                at=LATER,
                channel=Channel.WEB,
                **CARD_CHANGES.get(action, {}),
            )
        assert refusal.value.code == "wrong_role"


@pytest.mark.parametrize(("action", "role"), list(product(RequestAction, Role)))
def test_a_request_moves_only_for_the_roles_of_the_table(action, role):
    rule = REQUEST_MOVES[action]
    if not rule.sources or role in rule.by:
        return
    request = make_request(sorted(rule.sources)[0])
    with pytest.raises(NotAllowed) as refusal:
        lifecycle.move(
            request,
            action,
            by=someone(request, role),
            role=role,
            at=LATER,
            channel=Channel.WEB,
        )
    assert refusal.value.code == "wrong_role"


def test_every_action_and_every_status_stands_in_a_table():
    assert set(CARD_MOVES) == set(CardAction)
    assert set(REQUEST_MOVES) == set(RequestAction)
    for moves, statuses in ((CARD_MOVES, CardStatus), (REQUEST_MOVES, RequestStatus)):
        reached = {rule.target for rule in moves.values()}
        assert reached == set(statuses)


def test_who_reads_a_stale_row_loses_and_learns_who_was_first():
    request = make_request(RequestStatus.ACCEPTED)
    stale = CardRequest.objects.get(pk=request.pk)
    first = make_reviewer()
    review = {"role": Role.REVIEWER, "at": LATER, "channel": Channel.ADMIN}
    lifecycle.move(request, RequestAction.APPROVE, by=first, **review)

    with pytest.raises(Overtaken) as refusal:
        lifecycle.move(stale, RequestAction.REJECT, by=make_reviewer(), **review)

    assert refusal.value.event.by == first
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

    lifecycle.move(
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
        lifecycle.move(
            card,
            CardAction.LIFT,
            by=card.holder.user,
            role=Role.HOLDER,
            at=card.suspended_until,
            channel=Channel.WEB,
        )


def test_one_person_has_one_request_in_flight_at_most():
    request = make_draft()
    second = CardRequest(
        holder=request.holder,
        applicant=request.applicant,
        kind="FIRST",
        city=request.city,
        bank=request.bank,
        status=RequestStatus.DRAFT,
        status_since=AT,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()


def test_one_person_has_one_card_in_hand_at_most():
    card = make_card(CardStatus.ACTIVE)
    with pytest.raises(IntegrityError), transaction.atomic():
        lifecycle.begin(
            Card(holder=card.holder, city=card.city, bank=card.bank, card_number="T90000000"),
            CardAction.ISSUE,
            at=LATER,
            **AS_WORKER,
        )


@pytest.mark.parametrize(
    "statement",
    ["UPDATE cards_cardevent SET reason = 'x'", "DELETE FROM cards_cardevent"],
)
def test_the_database_refuses_to_change_or_delete_an_event(statement):
    make_draft()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert CardEvent.objects.count() == 1
