"""Reads the lists of the money desk, and the history of one row."""

from apps.desk import event_kinds
from apps.events.models import Event
from apps.payments.enums import PaymentAction
from apps.payments.lifecycle import PAYMENT
from apps.payments.models import Discrepancy, Payment

SHOWN = 100


def refunds_in_trouble(at):
    """(the refunds that need a person, the oldest first; how many there are)."""
    rows = Payment.objects.refunds_in_trouble(at)
    shown = rows.select_related("card_request").order_by("owed_since", "pk")[:SHOWN]
    return _with_notes(shown, event_kinds.REFUND), rows.count()


def open_discrepancies():
    """(the open discrepancies, the oldest first; how many there are)."""
    rows = Discrepancy.objects.open()
    shown = rows.select_related("payment__card_request").order_by("found_at", "pk")[:SHOWN]
    return _with_notes(shown, event_kinds.DISCREPANCY), rows.count()


def settled_refunds():
    """The refunds that the desk worked on and that are done, the latest first."""
    touched = Event.objects.of_kind(PAYMENT).filter(
        action__in=[PaymentAction.RETRY_REFUND, PaymentAction.SETTLE_REFUND]
    )
    rows = Payment.objects.exclude(refunded_at=None).filter(pk__in=touched.values("subject_id"))
    return rows.select_related("card_request").order_by("-refunded_at")[:SHOWN]


def settled_discrepancies():
    """The closed discrepancies, the latest first."""
    related = ("payment__card_request", "settled_by__holder")
    return Discrepancy.objects.settled().select_related(*related).order_by("-settled_at")[:SHOWN]


def _with_notes(rows, kind):
    """`rows` as a list, each with its latest `note` (an event), if there is one."""
    rows = list(rows)
    notes = Event.objects.of_kind(kind).filter(subject_id__in=[row.pk for row in rows])
    latest = notes.select_related("by__holder").by_subject()
    for row in rows:
        row.note = next(reversed(latest.get(row.pk, [])), None)
    return rows


def history(row, kind):
    """The moves of `row` and what the desk wrote about it, the newest first."""
    events = Event.objects.about(row.lifecycle, row) | Event.objects.about(kind, row)
    return events.select_related("by__holder").order_by("-pk")
