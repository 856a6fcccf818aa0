"""What a lifecycle is: one table of moves as plain data, from which everything else is read.

Checks, buttons, admin actions, docs/lifecycle.md and the exhaustive tests all come from the table.
A model names its lifecycle in the attribute `lifecycle`; only `apps.lifecycle.engine` writes its
status.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, CheckConstraint, F, Q, TextChoices, Value, When

from apps.events import kinds
from apps.events.kinds import EventKind


@dataclass(frozen=True)
class Move:
    """One row of a table: from which statuses, to which one, by which roles.

    `sources` is empty for the action that brings a row into being. `clears` names the columns that
    have no meaning after the move and are set to NULL by it; `sets` are columns and what the move
    writes into them.
    """

    sources: frozenset[str]
    target: str
    by: frozenset[str]
    clears: frozenset[str] = frozenset()
    sets: Mapping[str, str] = field(default_factory=dict)


def move(
    sources: Iterable[str],
    target: str,
    *by: str,
    clears: Iterable[str] = (),
    sets: Mapping[str, str] | None = None,
) -> Move:
    """A `Move`, written the short way."""
    return Move(frozenset(sources), target, frozenset(by), frozenset(clears), sets or {})


@dataclass(frozen=True)
class Clock:
    """Statuses that end by themselves, at the moment in the column `ends_at`, by `action`.

    From that moment on the row counts as being in the target of `action`, also while no worker has
    written that down.
    """

    statuses: frozenset[str]
    ends_at: str
    action: str


@dataclass(frozen=True)
class Follows:
    """Rows that move along with the row of another life that they point to.

    `path` is their foreign key to it; `moves` says by which action of theirs they follow which
    action of `lifecycle`. They are moved in the same transaction, whoever moves the other row. So
    the room that moves the other row needs no import of theirs. `details` is called with the
    action that is followed and the moment, and returns the reason and the columns to write.
    """

    lifecycle: "Lifecycle"
    path: str
    moves: Mapping[str, str]
    details: Callable[[str, datetime], dict[str, Any]] | None = None


@dataclass(frozen=True)
class Lifecycle:
    """The life of one model.

    `name` is stored with every event; `label` is the thing's name in documents, `noun` the one in a
    sentence to a person (这张社保卡). `holder` is the path to the person that a row concerns, as in
    a queryset; `filled_in_by` the column of the user who filled it in. Both are empty where there
    is none. `clocks` are the statuses that end by the clock. `follows` names the life whose
    moves take rows of this one along.
    """

    name: str
    label: str
    noun: str
    statuses: type[TextChoices]
    actions: type[TextChoices]
    moves: Mapping[str, Move]
    holder: str = ""
    filled_in_by: str = ""
    clocks: tuple[Clock, ...] = ()
    follows: Follows | None = None
    kind: EventKind = field(init=False)

    def __post_init__(self):
        missing = {str(action) for action in self.actions} - {str(action) for action in self.moves}
        if missing:
            raise ValueError(f"{self.name}: no move for {', '.join(sorted(missing))}")
        if self.follows:
            self._check_roles(self.follows)
        object.__setattr__(
            self, "kind", kinds.register(EventKind(self.name, _chinese(self.label), self.actions))
        )
        LIFECYCLES.append(self)

    def _check_roles(self, follows):
        """A role that may move the other row must be allowed to move the rows that follow it."""
        for action, own in follows.moves.items():
            if not follows.lifecycle.moves[action].by <= self.moves[own].by:
                raise ValueError(f"{self.name}: {own} does not allow all roles of {action}")

    def may_stay_in(self, status: str) -> bool:
        """Whether a move can leave a row in `status`, so that the status began before it."""
        return any(rule.target == status and status in rule.sources for rule in self.moves.values())

    def is_final(self, status: str) -> bool:
        """Whether no move leads on from `status`."""
        return not any(status in rule.sources for rule in self.moves.values())

    # --- The clock --------------------------------------------------------------------------------

    def is_by_clock(self, action: str) -> bool:
        """Whether the clock does `action`, so that the `due_at` of its event says when."""
        return any(clock.action == action for clock in self.clocks)

    def ended(self, row, at: datetime) -> Clock | None:
        """The clock that has run out for `row` at the moment `at`; None while none has."""
        for clock in self.clocks:
            end = getattr(row, clock.ends_at)
            if row.status in clock.statuses and end is not None and end <= at:
                return clock
        return None

    def status_at(self, row, at: datetime):
        """The status of `row` at the moment `at`. A status whose end has passed is over."""
        clock = self.ended(row, at)
        return self.statuses(self.moves[clock.action].target if clock else row.status)

    def status_expression(self, at: datetime, *, prefix: str = ""):
        """`status_at` as a database expression; `prefix` is the path to the row, as "card__"."""
        over = [
            When(
                self._over(clock, at, prefix),
                then=Value(str(self.moves[clock.action].target)),
            )
            for clock in self.clocks
        ]
        return Case(*over, default=F(f"{prefix}status"), output_field=CharField())

    def in_status(self, *statuses: str, at: datetime, prefix: str = "") -> Q:
        """The rows that are in one of `statuses` at the moment `at`, as a condition."""
        found = Q(**{f"{prefix}status__in": list(statuses)})
        for clock in self.clocks:
            over = self._over(clock, at, prefix)
            if self.moves[clock.action].target in statuses:
                found |= over
            elif clock.statuses & set(statuses):
                found &= ~over
        return found

    def other_clocks(self, action: str) -> list[Clock]:
        """The clocks that end a status by another action than `action`."""
        return [clock for clock in self.clocks if clock.action != action]

    def movable(self, action: str, at: datetime) -> Q:
        """The rows that `action` may move at the moment `at`, the clock considered."""
        sources = self.moves[action].sources
        found = Q(status__in=sorted(sources))
        for clock in self.other_clocks(action):
            if self.moves[clock.action].target in sources:
                found |= self._over(clock, at, "")
            elif clock.statuses & sources:
                found &= ~self._over(clock, at, "")
        return found

    def due(self, action: str, at: datetime) -> Q:
        """The rows that the clock has moved by `action`, which is not written down yet."""
        found = Q(pk__in=[])
        for clock in self.clocks:
            if clock.action == action:
                found |= self._over(clock, at, "")
        return found

    @staticmethod
    def _over(clock, at, prefix):
        return Q(
            **{
                f"{prefix}status__in": sorted(clock.statuses),
                f"{prefix}{clock.ends_at}__lte": at,
            }
        )

    # --- For models -------------------------------------------------------------------------------

    def constraint(self) -> CheckConstraint:
        """That the column holds a status of this life."""
        return CheckConstraint(
            condition=Q(status__in=self.statuses.values), name=f"{self.name}_status_is_known"
        )

    def holder_id_of(self, row) -> int | None:
        """The key of the person that `row` concerns; None where there is none."""
        if not self.holder:
            return None
        *path, last = self.holder.split("__")
        for step in path:
            row = getattr(row, step)
        return getattr(row, f"{last}_id")


def _chinese(label):
    """The Chinese name out of a label such as "Payment (支付订单)"."""
    return label.partition("(")[2].rstrip(")") or label


# All lifecycles, in the order in which the apps are loaded.
LIFECYCLES: list[Lifecycle] = []
