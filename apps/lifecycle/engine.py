"""The one implementation by which anything with a lifecycle changes its status.

`begin` and `move` handle one row and raise what a person may read; `begin_all` and `move_all`
handle sets. Each writes the status and its event in one transaction, and moves along the rows of
other lives that follow (`Follows`).
"""

import copy

from django.db import transaction

from apps.events.enums import Role
from apps.events.models import Event
from apps.lifecycle.followers import move_followers
from apps.lifecycle.refusals import NotAllowed, Overtaken


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
        raise _wrong_status(lifecycle, action, status)


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
def begin_all(rows, action, *, by, role, at, channel, reason="", facts=None):
    """`begin` for a list of new rows of one model: one INSERT for them, one for their events.

    `facts` is a dict for all, or a function of the row. Returns the rows, with their keys.
    """
    if not rows:
        return []
    rule = check_may_begin(rows[0].lifecycle, action, role=role)
    for row in rows:
        row.status, row.status_since = rule.target, at
    type(rows[0])._default_manager.bulk_create(rows)
    Event.objects.bulk_create(
        event_of(
            row,
            action,
            "",
            by=by,
            role=role,
            at=at,
            channel=channel,
            reason=reason,
            facts=facts(row) if callable(facts) else facts,
        )
        for row in rows
    )
    return rows


@transaction.atomic
def move(row, action, *, by, role, at, channel, due_at=None, reason="", facts=None, **changes):
    """Apply `action` to `row` and write its event, both or neither. Returns the event.

    The row is taken by compare-and-swap on the status it was read with, so of two contestants one
    wins, on every database. `by` is the user, or None for the worker and the gateway; `due_at` is
    the moment the move was due when that differs from `at`, the moment it is done; `facts` go into
    the event; `changes` are further columns written in the same statement. The row in memory is
    brought up to date, also when somebody else was first.

    Raises `NotAllowed` when the table forbids the move, `Overtaken` when somebody else was first.
    """
    lifecycle = row.lifecycle
    rule = lifecycle.moves[action]
    _check_role(lifecycle, action, role)
    _write_down_end(row, action, at=at, channel=channel)
    if row.status not in rule.sources:
        raise _wrong_status(lifecycle, action, lifecycle.statuses(row.status))
    old = row.status
    values = dict.fromkeys(rule.clears) | changes | _status(rule, old, at)
    rows = type(row)._default_manager
    if not rows.filter(pk=row.pk, status=old).update(**values):
        row.refresh_from_db()
        raise _overtaken(row)
    for name, value in values.items():
        setattr(row, name, value)
    event = _record(
        row, action, old, by, role, at, channel, reason=reason, due_at=due_at, facts=facts
    )
    move_followers(lifecycle, action, [row.pk], by=by, role=role, at=at, channel=channel)
    return event


def foreseen(row, action, *, by, role, at, channel, reason="", facts=None, **changes):
    """What `move` would make of `row`: (a copy in the new status, its event), neither one saved.

    For showing beforehand what people will read. Raises `NotAllowed` as `move`.
    """
    check_allowed(row, action, role=role, at=at)
    moved = copy.copy(row)
    rule = row.lifecycle.moves[action]
    values = dict.fromkeys(rule.clears) | changes | _status(rule, row.status, at)
    for name, value in values.items():
        setattr(moved, name, value)
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


def event_of(row, action, old, *, by, role, at, channel, reason="", due_at=None, facts=None):
    """The unsaved event of a move of `row` from the status `old` to the one it has."""
    lifecycle = row.lifecycle
    return Event(
        subject_kind=lifecycle.name,
        subject_id=row.pk,
        reference=getattr(row, "reference", ""),
        holder_id=lifecycle.holder_id_of(row),
        action=action,
        from_status=old,
        to_status=row.status,
        at=at,
        due_at=due_at,
        by=by,
        role=role,
        channel=channel,
        reason=reason,
        facts=facts or {},
    )


def _status(rule, old, at):
    """The columns of the status after `rule`; a move that stays in it keeps its beginning."""
    if rule.target == old:
        return {"status": old}
    return {"status": rule.target, "status_since": at}


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
    event.save(force_insert=True)
    return event


def _write_down_end(row, action, *, at, channel):
    """A status that has ended IS over: record its end before any other move builds on it."""
    clock = row.lifecycle.ended(row, at)
    if clock is None or action == clock.action:
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


def _check_role(lifecycle, action, role):
    rule = lifecycle.moves[action]
    if role not in rule.by:
        allowed = "、".join(r.label for r in Role if r in rule.by)
        label = lifecycle.actions(action).label
        raise NotAllowed(f"「{label}」只能由{allowed}办理。", code="wrong_role")


def _wrong_status(lifecycle, action, status):
    return NotAllowed(
        f"{lifecycle.noun}现在是「{status.label}」，"
        f"不能办理「{lifecycle.actions(action).label}」。请刷新页面，查看最新状态。",
        code="wrong_status",
    )


def _overtaken(row):
    return Overtaken(
        f"{row.lifecycle.noun}刚刚已被办理，现在是「{row.get_status_display()}」。"
        "请刷新页面后再看。",
        event=row.events.last(),
    )
