"""The random walks find one day or one move that is wrong: each break here makes them fail."""

from dataclasses import replace

import pytest
from django.db import DatabaseError

from apps.cards.enums import CardAction, CardStatus, RequestAction, RequestStatus
from apps.cards.lifecycle import CARD as CARD_TABLE
from apps.cards.lifecycle import REQUEST as REQUEST_TABLE
from apps.common.refusals import Refused
from apps.loss_report import services as losses
from apps.loss_report.natural_days import end_of_suspension
from tests.lifecycle.test_random_walks import Walk, walk


class WalkOnABrokenTable(Walk):
    walked: set[tuple[str, str]] = set()


def a_day_too_many(patch):
    patch.setattr(losses, "end_of_suspension", lambda at, days: end_of_suspension(at, days + 1))


def a_day_too_few(patch):
    patch.setattr(losses, "end_of_suspension", lambda at, days: end_of_suspension(at, days - 1))


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
    broken(REQUEST_TABLE, RequestAction.AMEND, target=RequestStatus.PAID),
]


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("break_one", BREAKS, ids=lambda each: each.__name__)
def test_the_walks_find_one_day_or_one_move_that_is_wrong(break_one, monkeypatch):
    """Without it nobody would know that they look at anything."""
    break_one(monkeypatch)
    with pytest.raises((AssertionError, DatabaseError, Refused)):
        walk(WalkOnABrokenTable, examples=45)
