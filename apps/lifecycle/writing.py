"""Writing the same move to many rows: one INSERT for the events, one UPDATE for the rows."""

from django.db import connection
from django.db.models import F

from apps.events.models import Event


def columns_of(lifecycle, action, at):
    """The columns that `action` sets on every row; one that stays in its status keeps its since."""
    rule = lifecycle.moves[action]
    since = {} if rule.sources == {rule.target} else {"status_since": at}
    return dict.fromkeys(rule.clears) | {"status": rule.target} | since


def write_alike(
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
    **changes,
):
    """Apply `action` to the rows `pks` of `model`, which are locked and in a source of it.

    The events are read from the rows as they are before; `due_at` may be an expression of the row.
    """
    lifecycle = model.lifecycle
    rows = model._base_manager.filter(pk__in=pks)
    has_reference = any(field.name == "reference" for field in model._meta.fields)
    Event.objects.insert_from(
        rows,
        subject_kind=lifecycle.name,
        subject_id=F("pk"),
        reference=F("reference") if has_reference else "",
        holder_id=F(f"{lifecycle.holder}_id") if lifecycle.holder else None,
        action=action,
        from_status=F("status"),
        to_status=lifecycle.moves[action].target,
        at=at,
        due_at=due_at,
        by=by and by.pk,
        role=role,
        channel=channel,
        reason=reason,
        facts=facts or {},
    )
    rows.update(**changes | columns_of(lifecycle, action, at))


def locked(rows, *, skip=False):
    """The queryset `rows`, to be locked when it is read; `skip` leaves out what others hold.

    SQLite has no row locks.
    """
    if skip and not connection.features.has_select_for_update_skip_locked:
        return rows
    return rows.select_for_update(skip_locked=skip, of=("self",))
