"""The random walks find one day or one move that is wrong: each break here makes them fail."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connection

from apps.cards.enums import CardAction, CardStatus, RequestAction, RequestStatus
from apps.cards.lifecycle import CARD as CARD_TABLE
from apps.cards.lifecycle import REQUEST as REQUEST_TABLE
from apps.common.refusals import Refused
from apps.events.enums import Role
from apps.loss_report import services as losses
from apps.loss_report.natural_days import end_of_suspension
from apps.replacement import services as replacement
from tests.lifecycle.test_random_walks import Walk, walk

PAID_TOO = frozenset({RequestStatus.SUBMITTED, RequestStatus.PAID})


class WalkOnABrokenTable(Walk):
    walked: set[tuple[str, str]] = set()


def a_day_too_many(patch):
    patch.setattr(losses, "end_of_suspension", lambda at, days: end_of_suspension(at, days + 1))


def a_day_too_few(patch):
    patch.setattr(losses, "end_of_suspension", lambda at, days: end_of_suspension(at, days - 1))


def found_although_it_is_replaced(patch):
    patch.setattr(replacement, "check_withdrawable", lambda card: None)


def recalled_for_ever(patch):
    patch.setattr(settings, "DECISION_UNDO_WINDOW", timedelta(days=3650))


def broken(table, action, **changes):
    """A change of the one move `action` of `table`."""

    def apply(patch):
        patch.setitem(table.moves, action, replace(table.moves[action], **changes))

    apply.__name__ = f"{table.name}_{action}_{'_'.join(changes)}".lower()
    return apply


BREAKS = [
    a_day_too_many,
    a_day_too_few,
    broken(CARD_TABLE, CardAction.WITHDRAW_LOSS, target=CardStatus.SEALED),
    broken(CARD_TABLE, CardAction.EXPIRE, target=CardStatus.SEALED),
    broken(CARD_TABLE, CardAction.EXPIRE, clears=frozenset()),
    broken(CARD_TABLE, CardAction.RETIRE, target=CardStatus.LOST),
    broken(CARD_TABLE, CardAction.RETIRE, sources=frozenset({CardStatus.ACTIVE})),
    broken(CARD_TABLE, CardAction.REPORT_LOSS, by=frozenset({Role.HOLDER})),
    broken(REQUEST_TABLE, RequestAction.AMEND, target=RequestStatus.PAID),
    broken(REQUEST_TABLE, RequestAction.FAIL, target=RequestStatus.NEEDS_AMENDMENT),
    broken(REQUEST_TABLE, RequestAction.WITHDRAW, sources=PAID_TOO),
    broken(REQUEST_TABLE, RequestAction.REJECT, sources=frozenset({RequestStatus.ACCEPTED})),
    broken(REQUEST_TABLE, RequestAction.APPROVE, by=frozenset({Role.HOLDER, Role.REVIEWER})),
    found_although_it_is_replaced,
    recalled_for_ever,
]


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="says whether the walks look; one database is enough"
)
@pytest.mark.parametrize("break_one", BREAKS, ids=lambda each: each.__name__)
def test_the_walks_find_one_day_or_one_move_that_is_wrong(break_one, monkeypatch):
    """Without it nobody would know that they look at anything."""
    break_one(monkeypatch)
    with pytest.raises((AssertionError, DatabaseError, Refused)):
        walk(WalkOnABrokenTable, examples=70)
