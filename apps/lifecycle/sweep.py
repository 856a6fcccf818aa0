"""`move_all`: the same move for a whole set, two thousand rows with three statements.

Sweeps, report files and bulk decisions use it. A row that cannot go is left with its reason, as a
`Setback`, and never stops the others.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from apps.common.leases import growing_pause
from apps.common.refusals import Refused
from apps.lifecycle.followers import move_followers, write_down_ends, write_down_ends_of
from apps.lifecycle.models import FIRST_PAUSE, LONGEST_PAUSE, Setback
from apps.lifecycle.refusals import NotAllowed
from apps.lifecycle.writing import locked, write_alike, write_each
from apps.queries.plans import plan_as_usual, plan_by_keys

logger = logging.getLogger(__name__)

CHUNK = 2000


@dataclass
class Sweep:
    """What `move_all` did: how many rows were moved, and why others were not ({pk: reason})."""

    done: int = 0
    left: dict[int, str] = field(default_factory=dict)


def move_all(
    rows,
    action,
    *,
    by,
    role,
    at,
    channel,
    reason="",
    due_at=None,
    facts=None,
    each=None,
    reads=(),
    then=None,
    park=None,
    limit=None,
    deadline=None,
    keeps_setbacks=True,
    **changes,
):
    """Apply `action` to every row of the queryset `rows` that is in a source of it.

    Two thousand rows at a time, in the order of `rows`: they are locked (rows that others hold are
    skipped and left for the next run; SQLite has no row locks), written with one UPDATE, and their
    events with one INSERT, all in one transaction. Rows of other lives that follow (`Follows`) are
    moved along in it, and a status that the clock has ended is written down before.

    `due_at` is a moment, or an expression of the database per row (`F("suspended_until")`);
    `reason`, `facts` and the columns `changes` are the same for all rows. Where they differ, `each`
    is a function of the locked rows that returns for every pk its `Own`, or the `Refused` that says
    why this row cannot go. `reads` are columns, `pk` among them: with them `each` gets named tuples
    of these in the place of the rows, and answers only for rows that cannot go; the others are
    written alike. `then` is called with the pks of the moved rows, in the same transaction. `limit`
    is the most rows in this call. After `deadline`, a `Deadline`, no further set is begun.
    Without both it works until nothing is left.

    The reason why a row cannot go is kept as a `Setback`, which also says when the row is tried
    again. If `park` is given, it is called instead with {pk: reason}, after the transaction and
    before the next set. Without `park` and `keeps_setbacks` the reasons are only in the
    `Sweep` that is returned, and the next call tries these rows again.
    """
    lifecycle = rows.model.lifecycle
    rule = lifecycle.moves[action]
    if role not in rule.by:
        raise NotAllowed(f"{role} may not {action}", code="wrong_role")
    work = _Work(
        rows.model,
        action,
        by,
        role,
        at,
        channel,
        reason,
        due_at,
        facts or {},
        each,
        reads,
        then,
        changes,
        park,
        keeps_setbacks and park is None,
    )
    waiting = rows.filter(lifecycle.movable(action, at))
    if work.keeps_setbacks:
        waiting = waiting.exclude(pk__in=Setback.objects.holding(lifecycle, action, at))
    sweep = Sweep()
    while deadline is None or not deadline.has_passed:
        size = CHUNK if limit is None else min(CHUNK, limit - sweep.done)
        free = waiting.exclude(pk__in=list(sweep.left)) if sweep.left else waiting
        if size <= 0 or work.run(free, size, sweep) < size:
            break
    return sweep


@dataclass(frozen=True)
class _Work:
    """The arguments of one `move_all`, and the work on one set."""

    model: Any
    action: str
    by: Any
    role: str
    at: datetime
    channel: str
    reason: str
    due_at: Any
    facts: dict
    each: Callable | None
    reads: tuple[str, ...]
    then: Callable | None
    changes: dict
    park: Callable | None
    keeps_setbacks: bool

    def run(self, waiting, size, sweep):
        """Move up to `size` rows of `waiting`. Returns how many were found."""
        try:
            with transaction.atomic():
                found, left = self._move(waiting, size)
                moved = [pk for pk in found if pk not in left]
                if moved:
                    move_followers(self.model.lifecycle, self.action, moved, **self._whom())
                    if self.then is not None:
                        self.then(moved)
                    if self.keeps_setbacks:
                        self._setbacks().filter(subject_id__in=moved).delete()
                    plan_as_usual()  # before the foreign keys are checked
        except (OperationalError, InterfaceError):
            raise  # The database cannot be reached; no row is the cause.
        except Exception as error:
            return self._one_by_one(waiting, size, sweep, error)
        sweep.done += len(moved)
        sweep.left |= left
        self._note(left)
        return len(found)

    def _one_by_one(self, waiting, size, sweep, error):
        """Find out which rows of a set that failed are the cause; the others go."""
        pks = list(waiting.values_list("pk", flat=True)[:size])
        if len(pks) > 1:
            for half in (pks[: len(pks) // 2], pks[len(pks) // 2 :]):
                self.run(waiting.filter(pk__in=half), len(half), sweep)
        elif pks:
            why = error.message if isinstance(error, Refused) else type(error).__name__
            name = self.model.lifecycle.name
            logger.warning("%s #%s: no %s", name, pks[0], self.action, exc_info=error)
            sweep.left[pks[0]] = why
            self._note({pks[0]: why})
        return len(pks)

    # --- Writing ----------------------------------------------------------------------------------

    def _move(self, waiting, size):
        """(the keys of up to `size` rows of `waiting`, {pk: why not} of those that stay)."""
        waiting = locked(waiting, skip=True)
        if self.each is None:
            found = list(waiting.values_list("pk", flat=True)[:size])
            if found:
                plan_by_keys()  # a plan kept from a short book reads all of it for each row
            self._write_alike(found)
            return found, {}
        if not self.reads:
            rows = list(self._with_holder(waiting)[:size])
            return [row.pk for row in rows], self._write_each(rows)
        rows = list(waiting.values_list(*self.reads, named=True)[:size])
        found = [row.pk for row in rows]
        if rows:
            plan_by_keys()
        left = {pk: why.message for pk, why in self.each(rows).items()} if rows else {}
        self._write_alike([pk for pk in found if pk not in left])
        return found, left

    def _write_alike(self, pks):
        if pks:
            write_down_ends_of(self.model, pks, self.action, at=self.at, channel=self.channel)
            write_alike(
                self.model,
                pks,
                self.action,
                reason=self.reason,
                due_at=self.due_at,
                facts=self.facts,
                **self._whom(),
                **self.changes,
            )

    def _whom(self):
        return {"by": self.by, "role": self.role, "at": self.at, "channel": self.channel}

    def _write_each(self, rows):
        """Rows and events by what `each` answers. Returns {pk: why not}."""
        write_down_ends(rows, self.action, at=self.at, channel=self.channel)
        answers = self.each(rows) if self.each and rows else {}
        left = {pk: why.message for pk, why in answers.items() if isinstance(why, Refused)}
        going = [row for row in rows if row.pk not in left]
        if going:
            plan_by_keys()
            own = {row.pk: answers[row.pk] for row in going}
            what = {"reason": self.reason, "facts": self.facts, **self._whom(), **self.changes}
            write_each(going, self.action, own, **what)
        return left

    def _with_holder(self, rows):
        path, _, last = self.model.lifecycle.holder.rpartition("__")
        return rows.select_related(path) if path else rows

    # --- Setbacks ---------------------------------------------------------------------------------

    def _setbacks(self):
        return Setback.objects.filter(subject_kind=self.model.lifecycle.name, action=self.action)

    def _note(self, left):
        if self.park is not None and left:
            self.park(left)
        if not self.keeps_setbacks:
            return
        for pk, why in left.items():
            setback, is_new = self._setbacks().get_or_create(
                subject_id=pk,
                defaults={
                    "subject_kind": self.model.lifecycle.name,
                    "action": self.action,
                    "reason": why[:300],
                    "first_at": self.at,
                    "next_try_at": self.at + FIRST_PAUSE,
                },
            )
            if not is_new and not setback.holds(self.at):
                pause = growing_pause(setback.tries + 1, first=FIRST_PAUSE, longest=LONGEST_PAUSE)
                setback.reason, setback.tries = why[:300], setback.tries + 1
                setback.next_try_at = self.at + pause
                setback.save(update_fields=["reason", "tries", "next_try_at"])
