"""`move_all`: the same move for a whole set, some thousand rows with three statements.

Sweeps, report files and bulk decisions use it. A row that cannot go is left with its reason, as a
`Setback`, and never stops the others.
"""

import logging
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import Case, F, Value, When

from apps.common.refusals import Refused
from apps.events.models import Event
from apps.lifecycle.engine import event_of
from apps.lifecycle.models import Setback
from apps.lifecycle.refusals import NotAllowed

logger = logging.getLogger(__name__)

CHUNK = 1000
FIRST_PAUSE = timedelta(minutes=10)
LONGEST_PAUSE = timedelta(hours=6)


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
    then=None,
    limit=None,
    deadline=None,
    **changes,
):
    """Apply `action` to every row of the queryset `rows` that is in a source of it.

    A thousand rows at a time, in the order of `rows`: they are locked (rows that others hold are
    skipped and left for the next run; SQLite has no row locks), written with one UPDATE, and their
    events with one INSERT, all in one transaction.

    `due_at` is a moment, or an expression of the database per row (`F("suspended_until")`).
    `facts` is a dict, or a function of the row. `changes` are columns for all rows; `each` is a
    function of the locked rows that returns for every pk its own columns, or the `Refused` that
    says why this row cannot go. `then` is called with the moved rows, in the same transaction.
    `limit` is the most rows in this call, `deadline` a `Deadline` after which no further thousand
    is begun; without both it works until nothing is left. Returns a `Sweep`.
    """
    lifecycle = rows.model.lifecycle
    rule = lifecycle.moves[action]
    if role not in rule.by:
        raise NotAllowed(f"{role} may not {action}", code="wrong_role")
    work = _Work(lifecycle, rule, action, by, role, at, channel, reason, facts, each, then, changes)
    waiting = rows.filter(status__in=sorted(rule.sources)).exclude(
        pk__in=Setback.objects.holding(lifecycle, action, at)
    )
    if "__" in lifecycle.holder:
        waiting = waiting.select_related(lifecycle.holder.rpartition("__")[0])
    if due_at is not None:
        moment = due_at if hasattr(due_at, "resolve_expression") else Value(due_at)
        waiting = waiting.annotate(move_due_at=moment)
    sweep = Sweep()
    while True:
        size = CHUNK if limit is None else min(CHUNK, limit - sweep.done)
        if size <= 0 or (deadline is not None and deadline.has_passed):
            break
        found = work.run(waiting.exclude(pk__in=list(sweep.left)), size, sweep)
        if found < size:
            break
    return sweep


@dataclass
class _Work:
    lifecycle: object
    rule: object
    action: str
    by: object
    role: str
    at: object
    channel: str
    reason: str
    facts: object
    each: object
    then: object
    changes: dict

    def run(self, waiting, size, sweep):
        """Move up to `size` rows of `waiting`. Returns how many were found."""
        try:
            with transaction.atomic():
                found = list(_locked(waiting)[:size])
                moved, left = self._write(found)
        except (Refused, DatabaseError) as error:
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
            logger.warning("%s #%s: %s: %s", self.lifecycle.name, pks[0], self.action, why)
            sweep.left[pks[0]] = why
            self._note({pks[0]: why})
        return len(pks)

    def _write(self, rows):
        """Write the rows and their events. Returns (the moved rows, {pk: why not})."""
        answers = self.each(rows) if self.each and rows else {}
        left = {pk: why.message for pk, why in answers.items() if isinstance(why, Refused)}
        moved = [row for row in rows if row.pk not in left]
        if not moved:
            return [], left
        own = {row.pk: answers.get(row.pk, {}) for row in moved}
        old = {row.pk: row.status for row in moved}
        common = (
            dict.fromkeys(self.rule.clears)
            | self.changes
            | {"status": self.rule.target, "status_since": self.at}
        )
        model = type(moved[0])
        model._default_manager.filter(pk__in=list(old)).update(**common | _by_row(model, own))
        for row in moved:
            for name, value in (common | own[row.pk]).items():
                setattr(row, name, value)
        Event.objects.bulk_create([self._event(row, old[row.pk]) for row in moved])
        if self.then is not None:
            self.then(moved)
        self._setbacks().filter(subject_id__in=list(old)).delete()
        return moved, left

    def _event(self, row, old):
        return event_of(
            row,
            self.action,
            old,
            by=self.by,
            role=self.role,
            at=self.at,
            channel=self.channel,
            reason=self.reason,
            due_at=getattr(row, "move_due_at", None),
            facts=self.facts(row) if callable(self.facts) else self.facts,
        )

    def _setbacks(self):
        return Setback.objects.filter(subject_kind=self.lifecycle.name, action=self.action)

    def _note(self, left):
        for pk, why in left.items():
            known = self._setbacks().filter(subject_id=pk).first()
            if known is None:
                Setback.objects.create(
                    subject_kind=self.lifecycle.name,
                    subject_id=pk,
                    action=self.action,
                    reason=why[:300],
                    first_at=self.at,
                    next_try_at=self.at + FIRST_PAUSE,
                )
            else:
                known.reason, known.tries = why[:300], known.tries + 1
                pause = min(FIRST_PAUSE * 2 ** min(known.tries, 10), LONGEST_PAUSE)
                known.next_try_at = self.at + pause
                known.save(update_fields=["reason", "tries", "next_try_at"])


def _by_row(model, own):
    """Columns that differ from row to row, as one expression each."""
    columns = sorted({name for values in own.values() for name in values})
    return {
        name: Case(
            *(
                When(pk=pk, then=Value(values[name], output_field=model._meta.get_field(name)))
                for pk, values in own.items()
                if name in values
            ),
            default=F(name),
        )
        for name in columns
    }


def _locked(rows):
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, of=("self",))
    return rows
