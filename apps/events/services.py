"""Records events that are not moves of a lifecycle."""

from django.db.models import BigIntegerField, CharField, Max

from apps.events.models import Event
from apps.queries.prepared import PreparedQuery

_LAST = PreparedQuery(
    lambda kind, subject: (
        Event.objects.filter(subject_kind=kind, subject_id=subject)
        .order_by("-pk")
        .values_list("at", flat=True)[:1]
    ),
    kind=CharField(),
    subject=BigIntegerField(),
)


def last_moment(*, kind, subject_id):
    """The moment of the last event of `kind` about the row with this key; None without any."""
    return _LAST.first(kind=kind.name, subject=subject_id)


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
        last = last_moment(kind=kind, subject_id=subject_id)
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


def record_each(*, kind, action, subjects, by, role, at, channel, reason="", facts=None):
    """`record` the same about each of `subjects`, a list of (key, reference, key of the person).

    Two statements for all of them.
    """
    before = Event.objects.filter(subject_kind=kind.name, subject_id__in=[s[0] for s in subjects])
    last = dict(before.order_by().values_list("subject_id").annotate(last=Max("at")))
    Event.objects.bulk_create(
        Event(
            subject_kind=kind.name,
            subject_id=pk,
            reference=reference,
            holder_id=holder_id,
            action=kind.actions(action),
            at=max(at, last.get(pk, at)),
            by=by,
            role=role,
            channel=channel,
            reason=reason,
            facts=facts or {},
        )
        for pk, reference, holder_id in subjects
    )
