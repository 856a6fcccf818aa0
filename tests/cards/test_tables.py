"""The tables of moves, tested over their whole product."""

from copy import deepcopy
from datetime import timedelta
from itertools import product

import pytest

from apps.cards.enums import CardAction, CardStatus, RequestAction, RequestStatus
from apps.cards.lifecycle import CARD, REQUEST
from apps.cards.models import Card, CardRequest
from apps.common.moments import day_of
from apps.events.enums import AS_WORKER, Channel, Role
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed
from tests.factories.cards import AT, make_card, make_request
from tests.factories.people import make_reviewer

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=2)
CARD_CHANGES = {CardAction.REPORT_LOSS: {"suspended_until": LATER + timedelta(days=7)}}


@pytest.fixture(scope="module")
def prepared_rows(prepared):
    yield from prepared(
        lambda: {
            Card: {status: make_card(status) for status in CardStatus},
            CardRequest: {status: make_request(status) for status in RequestStatus},
        }
    )


@pytest.fixture
def row_in(prepared_rows):
    """`row_in(model, status)`: a row in this status that only this test uses."""
    return lambda model, status: deepcopy(prepared_rows[model][status])


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
    status, since, events = row.status, row.status_since, row.events.count()
    role = role_for(rule)
    if status in rule.sources:
        try_move(row, action, role=role, **changes)
        stored = type(row).objects.get(pk=row.pk)
        assert stored.status == row.status == rule.target
        assert stored.status_since == (since if rule.target == status else LATER)
        event = row.events.latest("pk")
        assert (event.action, event.from_status, event.to_status) == (action, status, rule.target)
        assert (event.at, event.role) == (LATER, role)
        assert row.events.count() == events + 1
    else:
        with pytest.raises(NotAllowed):
            try_move(row, action, role=role, **changes)
        assert type(row).objects.get(pk=row.pk).status == status
        assert row.events.count() == events


@pytest.mark.parametrize(("status", "action"), list(product(CardStatus, CardAction)))
def test_a_card_moves_exactly_as_the_table_says(row_in, status, action):
    card = row_in(Card, status)
    assert_moves_as_the_table_says(card, action, CARD.moves[action], CARD_CHANGES.get(action, {}))
    stored = Card.objects.get(pk=card.pk)
    assert (stored.suspended_until is None) == (stored.status != CardStatus.SUSPENDED)


def request_changes(card_request, action):
    """The rule that comes with SUBMIT and the card that comes with PRODUCE, as constraints want."""
    if action == RequestAction.SUBMIT and card_request.status == RequestStatus.DRAFT:
        return {"rule": card_request.city.rule_on(day_of(LATER))}
    if action == RequestAction.PRODUCE and card_request.status == RequestStatus.APPROVED:
        card = Card(
            holder=card_request.holder,
            city=card_request.city,
            bank=card_request.bank,
            card_number="T90000000",
        )
        engine.begin(card, CardAction.ISSUE, at=LATER, **AS_WORKER)
        return {"card": card}
    return {}


@pytest.mark.parametrize(("status", "action"), list(product(RequestStatus, RequestAction)))
def test_a_request_moves_exactly_as_the_table_says(row_in, status, action):
    card_request = row_in(CardRequest, status)
    changes = request_changes(card_request, action)
    assert_moves_as_the_table_says(card_request, action, REQUEST.moves[action], changes)


def assert_open_to_the_roles_of_the_table(row, action, role, rule, changes):
    """Other roles are refused because of the role, and the offer of a page agrees."""
    assert engine.is_allowed(row, action, role=role, at=LATER) == (role in rule.by)
    if role not in rule.by:
        with pytest.raises(NotAllowed) as refusal:
            try_move(row, action, role=role, **changes)
        assert refusal.value.code == "wrong_role"


MOVES_OF_A_CARD = [action for action in CardAction if CARD.moves[action].sources]
MOVES_OF_A_REQUEST = [action for action in RequestAction if REQUEST.moves[action].sources]


@pytest.mark.parametrize(("action", "role"), list(product(MOVES_OF_A_CARD, Role)))
def test_a_card_moves_only_for_the_roles_of_the_table(row_in, action, role):
    rule = CARD.moves[action]
    card = row_in(Card, sorted(rule.sources)[0])
    changes = CARD_CHANGES.get(action, {})
    assert_open_to_the_roles_of_the_table(card, action, role, rule, changes)


@pytest.mark.parametrize(("action", "role"), list(product(MOVES_OF_A_REQUEST, Role)))
def test_a_request_moves_only_for_the_roles_of_the_table(row_in, action, role):
    rule = REQUEST.moves[action]
    card_request = row_in(CardRequest, sorted(rule.sources)[0])
    assert_open_to_the_roles_of_the_table(card_request, action, role, rule, {})
