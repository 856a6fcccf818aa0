"""The tables of moves, tested over their whole product."""

from copy import deepcopy
from datetime import timedelta
from functools import partial
from itertools import product

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from apps.cards.enums import CardAction, CardStatus, RequestAction, RequestStatus
from apps.cards.lifecycle import CARD, REQUEST
from apps.cards.models import Card, CardRequest
from apps.common.moments import day_of
from apps.events.enums import Channel, Role
from apps.events.models import Event
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed, Overtaken
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


def try_move(row, action, *, role, **changes):
    by = someone(row, role)
    engine.move(row, action, by=by, role=role, at=LATER, channel=Channel.WEB, **changes)


def assert_moves_as_the_table_says(row, action, rule, changes):
    """`row` moves, and one event says so, exactly when the table has its status as a source."""
    status, events = row.status, row.events.count()
    role = role_for(rule)
    if status in rule.sources:
        try_move(row, action, role=role, **changes)
        stored = type(row).objects.get(pk=row.pk)
        assert stored.status == row.status == rule.target
        assert stored.status_since == LATER
        event = row.events.latest("pk")
        assert (event.action, event.from_status, event.to_status) == (action, status, rule.target)
        assert (event.at, event.role) == (LATER, role)
        assert row.events.count() == events + 1
    else:
        with pytest.raises(NotAllowed):
            try_move(row, action, role=role, **changes)
        assert type(row).objects.get(pk=row.pk).status == status
        assert row.events.count() == events


@pytest.fixture(scope="module")
def in_status(request, prepared):
    """A row that its factory brought into a status, made once: `(factory, status)`."""
    make, status = request.param
    yield from prepared(partial(make, status))


def every(make, pairs):
    """Parameters: a row of `make` in the status of each pair, and the rest of the pair."""
    return [
        pytest.param((make, status), *rest, id="-".join(map(str, (status, *rest))))
        for status, *rest in pairs
    ]


@pytest.mark.parametrize(
    ("in_status", "action"),
    every(make_card, product(CardStatus, CardAction)),
    indirect=["in_status"],
)
def test_a_card_moves_exactly_as_the_table_says(in_status, action):
    card = deepcopy(in_status)
    assert_moves_as_the_table_says(card, action, CARD.moves[action], CARD_CHANGES.get(action, {}))
    stored = Card.objects.get(pk=card.pk)
    assert (stored.suspended_until is None) == (stored.status != CardStatus.SUSPENDED)


def request_changes(request, action):
    """The rule that comes with SUBMIT and the card that comes with PRODUCE, as constraints want."""
    if action == RequestAction.SUBMIT and request.status == RequestStatus.DRAFT:
        return {"rule": request.city.rule_on(day_of(LATER))}
    if action == RequestAction.PRODUCE and request.status == RequestStatus.APPROVED:
        card = Card(
            holder=request.holder, city=request.city, bank=request.bank, card_number="T90000000"
        )
        engine.begin(card, CardAction.ISSUE, at=LATER, **AS_WORKER)
        return {"card": card}
    return {}


@pytest.mark.parametrize(
    ("in_status", "action"),
    every(make_request, product(RequestStatus, RequestAction)),
    indirect=["in_status"],
)
def test_a_request_moves_exactly_as_the_table_says(in_status, action):
    request = deepcopy(in_status)
    changes = request_changes(request, action)
    assert_moves_as_the_table_says(request, action, REQUEST.moves[action], changes)


def assert_open_to_the_roles_of_the_table(row, action, role, rule, changes):
    """Everybody else is refused for the role, and the offer of a page agrees with that."""
    assert engine.is_allowed(row, action, role=role, at=LATER) == (role in rule.by)
    if role not in rule.by:
        with pytest.raises(NotAllowed) as refusal:
            try_move(row, action, role=role, **changes)
        assert refusal.value.code == "wrong_role"


def sources(table):
    """`(status, action, role)` for each role and each action that begins somewhere."""
    return [
        (sorted(rule.sources)[0], action, role)
        for action, rule in table.moves.items()
        if rule.sources
        for role in Role
    ]


@pytest.mark.parametrize(
    ("in_status", "action", "role"), every(make_card, sources(CARD)), indirect=["in_status"]
)
def test_a_card_moves_only_for_the_roles_of_the_table(in_status, action, role):
    rule = CARD.moves[action]
    card = deepcopy(in_status)
    changes = CARD_CHANGES.get(action, {})
    assert_open_to_the_roles_of_the_table(card, action, role, rule, changes)


@pytest.mark.parametrize(
    ("in_status", "action", "role"), every(make_request, sources(REQUEST)), indirect=["in_status"]
)
def test_a_request_moves_only_for_the_roles_of_the_table(in_status, action, role):
    rule = REQUEST.moves[action]
    request = deepcopy(in_status)
    assert_open_to_the_roles_of_the_table(request, action, role, rule, {})


@pytest.mark.parametrize("role", [role for role in Role if role != Role.WORKER])
def test_only_the_worker_issues_a_card(role):
    card = Card(holder=make_holder(), card_number="T90000000")
    with pytest.raises(NotAllowed):
        engine.begin(card, CardAction.ISSUE, by=None, role=role, at=LATER, channel=Channel.WORKER)
    assert not Card.objects.exists()


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.WORKER, Role.GATEWAY])
def test_only_the_holder_or_a_guardian_begins_a_request(role):
    request = CardRequest(holder=make_holder())
    with pytest.raises(NotAllowed):
        engine.begin(request, RequestAction.SAVE, by=None, role=role, at=LATER, channel=Channel.WEB)
    assert not CardRequest.objects.exists()


def test_every_action_and_every_status_stands_in_a_table():
    assert set(CARD.moves) == set(CardAction)
    assert set(REQUEST.moves) == set(RequestAction)
    for moves, statuses in ((CARD.moves, CardStatus), (REQUEST.moves, RequestStatus)):
        reached = {rule.target for rule in moves.values()}
        assert reached == set(statuses)


def test_who_reads_a_stale_row_loses_and_learns_who_was_first():
    request = make_request(RequestStatus.ACCEPTED)
    stale = CardRequest.objects.get(pk=request.pk)
    first = make_reviewer()
    review = {"role": Role.REVIEWER, "at": LATER, "channel": Channel.ADMIN}
    engine.move(request, RequestAction.APPROVE, by=first, **review)

    with pytest.raises(Overtaken) as refusal:
        engine.move(stale, RequestAction.REJECT, by=make_reviewer(), **review)

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
