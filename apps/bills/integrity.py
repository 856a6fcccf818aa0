"""Of bills and months: what differs is known to the desk, and a month is its entries."""

from django.db.models import Exists, OuterRef, Sum

from apps.bills.enums import BillStatus, EntryKind, LineResult
from apps.bills.models import BillLine, BookedEntry, ClosedMonth, DailyBill
from apps.common.integrity import Invariant
from apps.payments.models import Discrepancy

_SUMS = {
    EntryKind.PAID: "paid_fen",
    EntryKind.REFUNDED: "refunded_fen",
    EntryKind.SETTLED: "settled_fen",
    EntryKind.FEE: "fee_fen",
}


def _differing_and_not_kept(at):
    kept = Discrepancy.objects.filter(
        gateway=OuterRef("gateway"), trade_number=OuterRef("trade_number")
    )
    return BillLine.objects.filter(~Exists(kept), result=LineResult.DIFFERS)


def _lines_of_no_bill(at):
    """A bill that is not there, or was empty, has no lines."""
    lines = BillLine.objects.filter(bill=OuterRef("pk"))
    return DailyBill.objects.exclude(status=BillStatus.COMPARED).filter(Exists(lines))


def _other_than_its_entries(at):
    booked: dict[tuple, int] = {}
    entries = BookedEntry.objects.order_by().values_list("month", "kind")
    for month, kind, fen in entries.annotate(Sum("amount_fen")):
        booked[month, kind] = fen
    for month in ClosedMonth.objects.order_by("pk").iterator():
        if any(booked.get((month.pk, k), 0) != getattr(month, c) for k, c in _SUMS.items()):
            yield month


def _does_not_go_on(at):
    """A month that does not begin with what the one before it at the same gateway has left."""
    left: dict[str, int] = {}
    for month in ClosedMonth.objects.order_by("gateway", "month").iterator():
        if month.opening_fen != left.get(month.gateway, 0):
            yield month
        left[month.gateway] = month.closing_fen


INVARIANTS = [
    Invariant("账单上对不上的行，都记入款项不符", _differing_and_not_kept),
    Invariant("没有收下的账单没有明细", _lines_of_no_bill),
    Invariant("月结的金额就是入账的合计", _other_than_its_entries),
    Invariant("月结的期初就是上个月的期末", _does_not_go_on),
]
