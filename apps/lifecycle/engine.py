"""The one implementation by which anything with a lifecycle changes its status.

`begin` and `move` handle one row and raise what a person may read; `begin_all` and `move_set`
handle sets, all rows or none, and `sweep.move_all` what is due. Each writes the status and its
event in one transaction, and moves along the rows of other lives that follow (`Follows`).
"""

import copy
from contextlib import nullcontext

from django.db import connection, transaction

from apps.events.enums import Role
from apps.events.inserting import insert
from apps.lifecycle.followers import move_followers, write_down_ends, write_down_ends_of
from apps.lifecycle.inserting import insert_rows
from apps.lifecycle.refusals import NotAllowed, Overtaken
from apps.lifecycle.swapping import swap
from apps.lifecycle.writing import (
    Own,
    bring_up_to_date,
    columns_of,
    event_of,
    moment_for,
    not_allowed,
    write_alike,
    write_each,
    write_events,
)


def is_allowed(row, action, *, role, at):
    """Whether the table allows `action` on `row` for `role` at the moment `at`."""
    rule = row.lifecycle.moves[action]
    return role in rule.by and row.status_at(at) in rule.sources


def check_allowed(row, action, *, role, at):
    """Raise `NotAllowed` unless `is_allowed`."""
    lifecycle = row.lifecycle
    _check_role(lifecycle, action, role)
    status = row.status_at(at)
    if status not in lifecycle.moves[action].sources:
        raise not_allowed(lifecycle, action, row=row, status=status)


def check_may_begin(lifecycle, action, *, role):
    """The `Move` by which `role` brings a row into being. Raises `NotAllowed` for other roles."""
    rule = lifecycle.moves[action]
    if rule.sources:
        raise ValueError(f"{action} does not begin a row")
    _check_role(lifecycle, action, role)
    return rule


@transaction.atomic
def begin(row, action, *, by, role, at, channel, reason="", due_at=None, facts=None):
    """Save the new `row` in the status that `action` brings into being. Returns the event.

    Raises `NotAllowed` when `role` may not begin it; IntegrityError when a constraint of the
    database (one card in hand, one request in flight) forbids the row.
    """
    rule = check_may_begin(row.lifecycle, action, role=role)
    row.status, row.status_since = rule.target, at
    row.save(force_insert=True)
    return _record(
        row, action, "", by, role, at, channel, reason=reason, due_at=due_at, facts=facts
    )


@transaction.atomic
def begin_all(rows, action, *, by, role, at, channel, reason="", due_at=None, facts=None):
    """`begin` for a list of new rows of one model: one INSERT for them, one for their events.

    `due_at` and `facts` are the same for all, or a function of the row. Returns the rows, with
    their keys.
    """
    if not rows:
        return []
    rule = check_may_begin(rows[0].lifecycle, action, role=role)
    for row in rows:
        row.status, row.status_since = rule.target, at
    model = type(rows[0])
    model._default_manager.bulk_create(rows)
    own = {
        row.pk: Own(
            due_at=due_at(row) if callable(due_at) else due_at,
            facts=facts(row) if callable(facts) else facts or {},
        )
        for row in rows
    }
    details = {"by": by, "role": role, "at": at, "channel": channel, "reason": reason}
    write_events(model, list(own), action, old="", own=own, **details)
    return rows


@transaction.atomic
def begin_rows(
    model, columns, action, *, by, role, at, channel, reason="", facts=None, copies=None
):
    """`begin_all` for rows of `model` without an instance: `columns` are {name: a value for each}.

    Columns that are left out get the default of the database. `copies` are of the events. Returns
    the keys, in the order of the values.
    """
    rule = check_may_begin(model.lifecycle, action, role=role)
    pks = insert_rows(model, columns, {"status": rule.target, "status_since": at})
    if pks:
        whom = {"by": by, "role": role, "at": at, "channel": channel}
        write_events(model, pks, action, old="", reason=reason, facts=facts, copies=copies, **whom)
    return pks


def move(row, action, *, by, role, at, channel, due_at=None, reason="", facts=None, **changes):
    """Apply `action` to `row` and write its event, both or neither. Returns the event.

    The update is a compare-and-swap on the status that was read: if two callers move the row at
    the same time, one of them succeeds, on every database. `by` is the user, or None for the
    worker and the gateway. `at` is the moment when the move is done, recorded as that of the last
    event where that is later; `due_at` is the moment when it was due, if that differs. `facts` go
    into the event. `changes` are further columns to write in the same statement. The row in memory
    is brought up to date, also when another caller succeeded.

    Raises `NotAllowed` when the table forbids the move, `Overtaken` when somebody else was first. A
    transaction around it can go on after these two, but not after an error of the database.
    """
    lifecycle = row.lifecycle
    _check_role(lifecycle, action, role)
    try:
        with _together(row, action, at):
            _write_down_end(row, action, at=at, channel=channel)
            details = {"due_at": due_at, "reason": reason, "facts": facts}
            event = _moved(row, action, by, role, at, channel, changes, **details)
            whom = {"by": by, "role": role, "at": event.at, "channel": channel}
            with transaction.atomic(savepoint=False):  # if it fails, nothing may be committed
                move_followers(lifecycle, action, [row.pk], **whom)
    except _Lost:
        row.read_again()
        raise _overtaken(row) from None
    return event


def move_set(rows, action, *, by, role, at, channel, reason="", facts=None, own=None, **changes):
    """`move` for a list of rows of one model, all or none, in as many statements as for one.

    Call it in the transaction in which the rows were locked and read. `own` is {pk: `Own`} for the
    rows that differ from the others. The rows in memory are brought up to date. Raises `NotAllowed`
    for the first row that the table does not let go.
    """
    if not rows:
        return
    lifecycle = rows[0].lifecycle
    _check_role(lifecycle, action, role)
    write_down_ends(rows, action, at=at, channel=channel)
    for row in rows:
        if row.status not in lifecycle.moves[action].sources:
            raise not_allowed(lifecycle, action, row=row, status=lifecycle.statuses(row.status))
    details = {"by": by, "role": role, "at": at, "channel": channel}
    mine = {row.pk: (own or {}).get(row.pk, Own()) for row in rows}
    write_each(rows, action, mine, reason=reason, facts=facts, **details, **changes)
    move_followers(lifecycle, action, list(mine), **details)


def move_keys(model, pks, action, *, by, role, at, channel, **details):
    """`move_set` for the rows `pks` of `model`, which are locked and were not read.

    The database compares their status. `details` are those of `write_alike`.
    """
    if not pks:
        return
    _check_role(model.lifecycle, action, role)
    whom = {"by": by, "role": role, "at": at, "channel": channel}
    write_down_ends_of(model, pks, action, at=at, channel=channel)
    write_alike(model, pks, action, **whom, **details)
    move_followers(model.lifecycle, action, pks, **whom)


def foreseen(row, action, *, by, role, at, channel, reason="", facts=None, **changes):
    """What `move` would make of `row`: (a copy in the new status, its event), neither one saved.

    A page uses it to show beforehand what people will read. Raises `NotAllowed` as `move`.
    """
    check_allowed(row, action, role=role, at=at)
    moved = copy.copy(row)
    rule = row.lifecycle.moves[action]
    at = moment_for(row, at)
    bring_up_to_date(moved, changes | columns_of(rule, row.status, at))
    event = event_of(
        moved,
        action,
        row.status,
        by=by,
        role=role,
        at=at,
        channel=channel,
        reason=reason,
        facts=facts,
    )
    return moved, event


class _Lost(Exception):
    """Somebody else moved the row first. It is read again when the lock on it is given back."""


def _together(row, action, at):
    """The transaction of a move. Inside of another one it needs a savepoint only after an end.

    What else is written before the move can fail is one statement, or has a savepoint of its own.
    """
    if connection.in_atomic_block and _other_end(row, action, at) is None:
        return nullcontext()
    return transaction.atomic()


def _moved(row, action, by, role, at, channel, changes, **details):
    """The event with which the row itself was moved. Raises `_Lost` if somebody else was first."""
    rule = row.lifecycle.moves[action]
    if row.status not in rule.sources:
        status = row.lifecycle.statuses(row.status)
        raise not_allowed(row.lifecycle, action, row=row, status=status)
    at = moment_for(row, at)
    values = changes | columns_of(rule, row.status, at)
    whom = {"by": by, "role": role, "at": at, "channel": channel}
    event = event_of(row, action, row.status, **whom, **details)
    if not swap(row, values, event):
        raise _Lost
    bring_up_to_date(row, values)
    return event


def _record(row, action, old, by, role, at, channel, *, reason, due_at, facts):
    event = event_of(
        row,
        action,
        old,
        by=by,
        role=role,
        at=at,
        channel=channel,
        reason=reason,
        due_at=due_at,
        facts=facts,
    )
    insert(event)
    return event


def _write_down_end(row, action, *, at, channel):
    """A status that has ended IS over: record its end before any other move builds on it."""
    clock = _other_end(row, action, at)
    if clock is None:
        return
    move(
        row,
        clock.action,
        by=None,
        role=Role.WORKER,
        at=at,
        channel=channel,
        due_at=getattr(row, clock.ends_at),
    )


def _other_end(row, action, at):
    """The clock that has run out for `row` at `at`, unless `action` is what it does."""
    clock = row.lifecycle.ended(row, at)
    return None if clock is None or clock.action == action else clock


def _check_role(lifecycle, action, role):
    rule = lifecycle.moves[action]
    if role not in rule.by:
        allowed = "、".join(r.label for r in Role if r in rule.by)
        label = lifecycle.actions(action).label
        raise NotAllowed(f"「{label}」只能由{allowed}办理。", code="wrong_role")


def _overtaken(row):
    return Overtaken(
        f"{row.lifecycle.noun}刚刚已被办理，现在是「{row.get_status_display()}」。"
        "请刷新页面后再看。",
        row=row,
    )
