"""Records events that are not moves of a lifecycle."""

from apps.events.models import Event


def record(
    *,
    kind,
    action,
    by,
    role,
    at,
    channel,
    subject_id=None,
    reference="",
    holder_id=None,
    reason="",
    facts=None,
):
    """Write one event of `kind` (an `EventKind` or a lifecycle) and return it.

    It is never recorded before the last event of the same subject, also where the clock was set
    back. `subject_id` and `reference` are the key and the public reference of the row it is about,
    `holder_id` the key of the person it concerns. Call it in the transaction of what it records;
    a look at full data is recorded before the data is shown.
    """
    if subject_id is not None:
        before = Event.objects.filter(subject_kind=kind.name, subject_id=subject_id)
        last = before.order_by("-pk").values_list("at", flat=True).first()
        at = max(at, last or at)
    return Event.objects.create(
        subject_kind=kind.name,
        subject_id=subject_id,
        reference=reference,
        holder_id=holder_id,
        action=kind.actions(action),
        at=at,
        by=by,
        role=role,
        channel=channel,
        reason=reason,
        facts=facts or {},
    )
