"""Writing the same move to many rows: one INSERT for the events, one UPDATE for the rows.

A move is never recorded before the last event of its row, also where the clock was set back, or the
clocks of two servers differ: `moment_for` and `_moment_of_each` say the moment to write.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Case, DateTimeField, F, OuterRef, Subquery, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Greatest

from apps.events.models import Event
from apps.events.services import last_moment
from apps.lifecycle.models import Living
from apps.lifecycle.refusals import NotAllowed
from apps.lifecycle.values import Values, update_from_values
from apps.queries.arrays import among


@dataclass(frozen=True)
class Own:
    """What differs for one row of a set: its columns, and the details of its event."""

    columns: dict[str, Any] = field(default_factory=dict)
    due_at: datetime | None = None
    reason: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def moment_for(row, at):
    """The moment of a move of `row` that is done at `at`: never before its last event.

    That is the one with which the status began, unless a move may have left the row in it since.
    """
    last = None
    if row.lifecycle.may_stay_in(row.status):
        last = last_moment(kind=row.lifecycle, subject_id=row.pk)
    return max(at, last or row.status_since)


def _moment_of_each(model, pks, at, rule):
    """`moment_for` each of the rows `pks` that move by `rule`, as an expression of the row.

    The last event is looked up only where one is later than `at`: with the right time, nowhere.
    """
    last: Any = F("status_since")
    if any(map(model.lifecycle.may_stay_in, rule.sources)):
        later = Event.objects.of_kind(model.lifecycle).filter(among("subject_id", pks), at__gt=at)
        if later.exists():
            last = Coalesce(Subquery(_last_moment(model)), last)
    return Greatest(last, Value(at, output_field=DateTimeField()))


def _last_moment(model):
    events = Event.objects.filter(subject_kind=model.lifecycle.name, subject_id=OuterRef("pk"))
    return events.order_by("-pk").values("at")[:1]


def not_allowed(lifecycle, action, *, row=None, status=None):
    """The `NotAllowed` of a row in the wrong `status`, which is named where it is known."""
    now = f"现在是「{status.label}」" if status else "的状态已经变了"
    return NotAllowed(
        f"{lifecycle.noun}{now}，不能办理「{lifecycle.actions(action).label}」。"
        "请刷新页面，查看最新状态。",
        code="wrong_status",
        row=row,
    )


def event_of(row, action, old, *, by, role, at, channel, reason="", due_at=None, facts=None):
    """The unsaved event of a move of `row` from the status `old`. The row may be moved already."""
    lifecycle = row.lifecycle
    return Event(
        subject_kind=lifecycle.name,
        subject_id=row.pk,
        reference=getattr(row, "reference", ""),
        holder_id=lifecycle.holder_id_of(row),
        action=action,
        from_status=old,
        to_status=lifecycle.moves[action].target,
        at=at,
        due_at=due_at,
        by=by,
        role=role,
        channel=channel,
        reason=reason,
        facts=facts or {},
    )


def columns_of(rule, old, at):
    """The columns that the move `rule` sets on a row in the status `old`.

    A move that stays in its status keeps its beginning. `at` is the `moment_for` the row.
    """
    since = {} if rule.target == old else {"status_since": at}
    return dict.fromkeys(rule.clears) | dict(rule.sets) | {"status": rule.target} | since


def _columns_of_any(rule, began):
    """`columns_of` for rows in any source of `rule`, as one set of values for an UPDATE.

    `began` is the `_moment_of_each`.
    """
    columns = columns_of(rule, rule.target if rule.sources == {rule.target} else "", began)
    if rule.target in rule.sources and len(rule.sources) > 1:
        stays = When(status=rule.target, then=F("status_since"))
        columns["status_since"] = Case(stays, default=began)
    return columns


def write_alike(model, pks, action, *, at, due_at=None, lists=None, copies=None, **details):
    """Apply `action` to the rows `pks` of `model`, which are locked and in a source of it.

    `due_at` may be an expression of the row; `lists` are {column: a value for each of `pks`}, and
    `copies` the `Copies` that the database makes; `details` are those of `write_events`, and
    further columns to write. Raises `NotAllowed` unless all of them were in a source.
    """
    rule = model.lifecycle.moves[action]
    told = {name: details.pop(name) for name in _DETAILS if name in details}
    began = _moment_of_each(model, pks, at, rule)
    write_events(model, pks, action, at=began, due_at=due_at, copies=copies, **told)
    same = details | _columns_of_any(rule, began)
    parts = {"lists": lists, "copies": copies, "sources": rule.sources}
    if update_from_values(model, pks, same, **parts) != len(pks):
        raise not_allowed(model.lifecycle, action)


def write_each(rows, action, own, *, at, **details):
    """Apply `action` to the list `rows` of one model, which are locked and in a source of it.

    `own` is {pk: `Own`} for every row, `details` are as for `write_alike`. The rows in memory are
    brought up to date.
    """
    model, rule = type(rows[0]), rows[0].lifecycle.moves[action]
    told = {name: details.pop(name) for name in _DETAILS if name in details}
    began = _moment_of_each(model, list(own), at, rule)
    write_events(model, list(own), action, at=began, own=own, **told)
    same = details | _columns_of_any(rule, began)
    for names, pks in _by_names(own).items():
        lists = {name: [own[pk].columns[name] for pk in pks] for name in names}
        update_from_values(model, pks, same, lists=lists)
    for row in rows:
        columns = columns_of(rule, row.status, max(at, row.status_since))
        bring_up_to_date(row, details | columns | own[row.pk].columns)


_DETAILS = ("by", "role", "channel", "reason", "facts")


def _by_names(own):
    """{names of columns: the keys of the rows that have their own of just these}."""
    found: dict[tuple[str, ...], list[int]] = {}
    for pk, mine in own.items():
        found.setdefault(tuple(sorted(mine.columns)), []).append(pk)
    return found


def write_events(
    model,
    pks,
    action,
    *,
    by,
    role,
    at,
    channel,
    reason="",
    due_at=None,
    facts=None,
    old=None,
    own=None,
    copies=None,
):
    """Add the event of `action` for each of the rows `pks`, read from the rows as they are.

    `at` is a moment, or an expression of the row.
    `old` is the status that they leave: the one they have, unless it is given. `own` ({pk: `Own`})
    says what differs: a moment it was due, a reason in the place of `reason`, facts beside `facts`.
    `copies` are the `Copies` of what the database reads elsewhere.
    """
    lifecycle = model.lifecycle
    rule = lifecycle.moves[action]
    has_reference = any(field.name == "reference" for field in model._meta.fields)
    columns = {
        "subject_kind": lifecycle.name,
        "subject_id": F("pk"),
        "reference": F("reference") if has_reference else "",
        "holder_id": F(f"{lifecycle.holder}_id") if lifecycle.holder else None,
        "action": action,
        "from_status": F("status") if old is None else old,
        "to_status": rule.target,
        "at": at,
        "due_at": due_at,
        "by": by and by.pk,
        "role": role,
        "channel": channel,
        "reason": reason,
        "facts": facts or {},
    }
    lists = _differing(own or {}, reason, facts or {})
    fields: dict[str, Any] = {name: Event._meta.get_field(name) for name in lists}
    values = Values(model, pks, fields, lists, copies=copies)
    differing = values.columns() | (values.copied(copies.event) if copies else {})
    for name, column in differing.items():
        field: Any = Event._meta.get_field(name)
        columns[name] = RawSQL(column, (), output_field=field)  # noqa: S611
    Event.objects.insert_from(model._base_manager.all(), beside=values, **columns)


def _differing(own, reason, facts):
    """{column of the event: a value for each} of the columns in which the rows of `own` differ."""
    found: dict[str, list[Any]] = {}
    if any(mine.due_at for mine in own.values()):
        found["due_at"] = [mine.due_at for mine in own.values()]
    if any(mine.reason for mine in own.values()):
        found["reason"] = [mine.reason or reason for mine in own.values()]
    if any(mine.facts for mine in own.values()):
        found["facts"] = [facts | mine.facts for mine in own.values()]
    return found


def bring_up_to_date(row: Living, values):
    """Give `row` in memory the `values` that were written to it."""
    for name, value in values.items():
        setattr(row, name, value)


def locked(rows, *, skip=False):
    """The queryset `rows`, to be locked when it is read; `skip` leaves out what others hold.

    SQLite has no row locks.
    """
    if skip and not connection.features.has_select_for_update_skip_locked:
        return rows
    return rows.select_for_update(skip_locked=skip, of=("self",))
