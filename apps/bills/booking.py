"""What is to be booked in a month: payments, refunds and fees that no closed month has."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import chain

from django.db.models import Exists, F, OuterRef, Q

from apps.bills.enums import BillStatus, EntryKind
from apps.bills.models import BillLine, BookedEntry, ClosedMonth, DailyBill
from apps.common.moments import day_of, start_of
from apps.payments.enums import RECEIVED, PaymentStatus
from apps.payments.models import Discrepancy, Payment, rest_fen


def following(month):
    """The first day of the month after `month`, which is a first day too."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def month_of(at):
    """The first day of the month of the moment `at`."""
    return day_of(at).replace(day=1)


def next_to_close(gateway):
    """The month after the last closed one; at first that of the first payment, or None."""
    last = ClosedMonth.objects.filter(gateway=gateway).order_by("-month").first()
    if last is not None:
        return following(last.month)
    paid = Payment.objects.filter(gateway=gateway, paid_at__isnull=False).order_by("paid_at")
    first = paid.values_list("paid_at", flat=True).first()
    return None if first is None else month_of(first)


def over_and_open(gateway, at):
    """The months that are over at the moment `at` and not closed, in their order."""
    month, found = next_to_close(gateway), []
    while month is not None and month < month_of(at):
        found.append(month)
        month = following(month)
    return found


def opening_of(gateway, month):
    """What the month before has left, in fen."""
    before = ClosedMonth.objects.filter(gateway=gateway, month__lt=month).order_by("-month")
    return before.values_list("closing_fen", flat=True).first() or 0


def unbooked(gateway, month):
    """Unsaved entries of everything up to the end of `month` that no month has, by their moment."""
    until, began = start_of(following(month)), start_of(month)
    payments = Payment.objects.filter(gateway=gateway)
    sent_back = payments.filter(status=PaymentStatus.REFUNDED).annotate(rest=rest_fen())
    by_hand = sent_back.exclude(settlement="")
    whole, rest = F("amount_fen"), F("rest")
    booked = BookedEntry.objects.filter(payment=OuterRef("pk"))
    # What the gateway sent back before the rest was given back by hand is booked with that rest.
    parts = by_hand.filter(~Exists(booked.filter(kind=EntryKind.SETTLED)), rest__lt=whole)
    sources = (
        (EntryKind.PAID, payments.filter(status__in=RECEIVED), whole, "paid_at"),
        (EntryKind.REFUNDED, sent_back.filter(settlement=""), whole, "refunded_at"),
        (EntryKind.REFUNDED, parts, whole - rest, "refunded_at"),
        (EntryKind.SETTLED, by_hand, rest, "refunded_at"),
    )
    entries = [
        BookedEntry(
            kind=kind,
            payment=payment,
            amount_fen=payment.fen,
            happened_at=getattr(payment, column),
        )
        for kind, rows, fen, column in sources
        for payment in rows.filter(
            ~Exists(booked.filter(kind=kind)), **{f"{column}__lt": until}
        ).annotate(fen=fen)
    ]
    fees = BillLine.objects.filter(gateway=gateway, finished_at__lt=until).exclude(fee_fen=0)
    entries += [
        BookedEntry(
            kind=EntryKind.FEE, line=line, amount_fen=-line.fee_fen, happened_at=line.finished_at
        )
        for line in fees.filter(~Exists(BookedEntry.objects.filter(line=OuterRef("pk"))))
    ]
    for entry in entries:
        entry.is_late = entry.happened_at < began
    return sorted(entries, key=lambda entry: entry.happened_at)


def sums(entries, opening_fen):
    """The columns of a month with these `entries`."""
    total: Counter = Counter()
    for entry in entries:
        total[entry.kind] += entry.amount_fen
    found = {
        "opening_fen": opening_fen,
        "paid_fen": total[EntryKind.PAID],
        "refunded_fen": total[EntryKind.REFUNDED],
        "settled_fen": total[EntryKind.SETTLED],
        "fee_fen": total[EntryKind.FEE],
    }
    spent = found["refunded_fen"] + found["settled_fen"] + found["fee_fen"]
    return found | {"closing_fen": opening_fen + found["paid_fen"] - spent}


def days_without_bill(gateway, month):
    """The days of `month` with money of which there is no bill yet, in order."""
    until = following(month)
    there = DailyBill.objects.filter(gateway=gateway, day__gte=month, day__lt=until)
    waiting = there.filter(status=BillStatus.WAITING).values_list("day", flat=True)
    between = (start_of(month), start_of(until))
    payments = Payment.objects.filter(gateway=gateway)
    paid = payments.filter(paid_at__gte=between[0], paid_at__lt=between[1])
    refunded = payments.filter(refunded_at__gte=between[0], refunded_at__lt=between[1])
    moved = chain(
        paid.values_list("paid_at", flat=True),
        refunded.filter(settlement="").values_list("refunded_at", flat=True),
    )
    known = set(there.exclude(status=BillStatus.WAITING).values_list("day", flat=True))
    return sorted({*waiting, *({day_of(moment) for moment in moved} - known)})


def open_differences(gateway, month):
    """The differences up to the end of `month` that nobody has settled."""
    return Discrepancy.objects.open().filter(_up_to(month), gateway=gateway)


def differences_of(gateway, month):
    """The differences of `month`, settled or not: by the bills of its days, or reported in it."""
    in_it = Q(bill_day__gte=month) | Q(bill_day=None, found_at__gte=start_of(month))
    return Discrepancy.objects.filter(in_it, _up_to(month), gateway=gateway)


def _up_to(month):
    until = following(month)
    return Q(bill_day__lt=until) | Q(bill_day=None, found_at__lt=start_of(until))


@dataclass(frozen=True)
class BesideBill:
    """One sum of a month, and what the bills of its days say."""

    kind: EntryKind
    booked_fen: int
    billed_fen: int

    @property
    def more_fen(self):
        """By how much we booked more than the bills say; below zero for less."""
        return self.booked_fen - self.billed_fen


def beside_bills(columns, *, gateway, month):
    """The `BesideBill`s of a month with these `sums`.

    They differ by what the differences of the month name, and by what was booked late. What was
    paid back on another way stands in no bill.
    """
    days = {"bill__day__gte": month, "bill__day__lt": following(month)}
    billed = BillLine.objects.filter(gateway=gateway, **days).sums()
    return [
        BesideBill(EntryKind.PAID, columns["paid_fen"], billed["paid_fen"]),
        BesideBill(EntryKind.REFUNDED, columns["refunded_fen"], billed["refund_fen"]),
        BesideBill(EntryKind.FEE, columns["fee_fen"], billed["fee_fen"]),
    ]
