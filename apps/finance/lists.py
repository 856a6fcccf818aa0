"""Reads the lists of the money desk, and the history of one row."""

import re

from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from apps.bills import booking, comparing
from apps.bills.enums import LineKind, LineResult
from apps.bills.models import DailyBill
from apps.desk import event_kinds
from apps.events.models import Event
from apps.payments.enums import PaymentAction
from apps.payments.lifecycle import PAYMENT
from apps.payments.models import Discrepancy, Payment

SHOWN = 100
_MONTH = re.compile(r"(2[0-9]{3})-(0[1-9]|1[0-2])")


def refunds_in_trouble(at):
    """(the refunds that need a person, the oldest first; how many there are)."""
    rows = Payment.objects.refunds_in_trouble(at)
    related = rows.select_related("card_request").prefetch_related("discrepancies")
    shown = related.order_by("owed_since", "pk")[:SHOWN]
    return _with_notes(shown, event_kinds.REFUND), rows.count()


def open_discrepancies():
    """(the open discrepancies, the oldest first; how many there are)."""
    rows = Discrepancy.objects.open()
    related = rows.select_related("payment__card_request").prefetch_related(
        "payment__discrepancies"
    )
    shown = related.order_by("found_at", "pk")[:SHOWN]
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


def bills(month=None, *, most=SHOWN):
    """The `most` latest bills, each with its counts and sums; `month` is 2026-11, or None."""
    rows = DailyBill.objects.order_by("-day", "gateway")
    if found := _MONTH.fullmatch(month or ""):
        rows = rows.filter(day__year=int(found[1]), day__month=int(found[2]))
    paid = Q(lines__kind=LineKind.TRADE)
    refunds = Q(lines__kind=LineKind.REFUND)
    # Chosen first: the lines of the others are not added up.
    latest = DailyBill.objects.filter(pk__in=rows.values("pk")[:most])
    return latest.annotate(
        paid_count=Count("lines", filter=paid),
        paid_fen=Sum("lines__amount_fen", filter=paid, default=0),
        refund_fen=Sum("lines__amount_fen", filter=refunds, default=0),
        open_differences=_open_of_day(),
    ).order_by("-day", "gateway")


def _open_of_day():
    rows = Discrepancy.objects.open().filter(gateway=OuterRef("gateway"), bill_day=OuterRef("day"))
    counted = rows.order_by().values("bill_day").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


def of_bill(bill):
    """The differences that were found with `bill`, the open ones first."""
    rows = Discrepancy.objects.filter(gateway=bill.gateway, bill_day=bill.day)
    return rows.select_related("payment").order_by("status", "pk")


def of_month(gateway, month):
    """The differences of a month, the open ones first."""
    rows = booking.differences_of(gateway, month).select_related("payment")
    return rows.order_by("status", "pk")[:SHOWN]


def differing(lines):
    """Those of the bill's `lines` that are not as our payments."""
    return lines.exclude(result=LineResult.MATCHED)


def foreseen(file, gateway):
    """What taking the bill `file` would find: counts, sums, differences."""
    found = comparing.compare(file.entries, gateway=gateway, day=file.day)
    trades = [entry for entry in file.entries if not entry.is_refund]
    refunds = [entry for entry in file.entries if entry.is_refund]
    return {
        "paid_count": len(trades),
        "paid_fen": sum(entry.amount_fen for entry in trades),
        "refund_count": len(refunds),
        "refund_fen": sum(entry.amount_fen for entry in refunds),
        "fee_fen": -sum(entry.fee_fen for entry in file.entries),
        "differences": found.differences[:SHOWN],
        "difference_count": len(found.differences),
    }


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
