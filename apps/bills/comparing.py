"""What a bill and our payments say differently. Reads a set at a time and writes nothing."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby

from django.db.models import Exists, OuterRef, Q

from apps.bills.enums import BillStatus, LineKind, LineResult
from apps.bills.models import BillLine, DailyBill
from apps.common.moments import end_of, start_of
from apps.payments.enums import GOING_BACK, RECEIVED, DiscrepancyKind, PaymentStatus
from apps.payments.models import Discrepancy, Payment

CHUNK = 1000
# A payment of the last minutes of a day may stand in the bill of the next one.
MARGIN = timedelta(minutes=5)
# What a notification or a question has told before, so that the bill says nothing new.
_KNOWN_TRADES = (
    DiscrepancyKind.SECOND_TRADE,
    DiscrepancyKind.OTHER_AMOUNT,
    DiscrepancyKind.TRADE_NUMBER,
    DiscrepancyKind.UNKNOWN_ORDER,
)
_KNOWN_REFUNDS = (
    DiscrepancyKind.REFUNDED_THERE,
    DiscrepancyKind.PARTLY_REFUNDED,
    DiscrepancyKind.BACK_TWICE,
)


@dataclass
class BillComparison:
    """`results` is the number of a line → `LineResult`; `differences` are unsaved rows."""

    results: dict[int, str] = field(default_factory=dict)
    differences: list[Discrepancy] = field(default_factory=list)


@dataclass(frozen=True)
class _Side:
    """Our rows about some trades: payments by trade and by number, known kinds, refunds so far."""

    by_trade: dict
    by_reference: dict
    known: dict
    refunded: dict


def compare(entries, *, gateway, day):
    """The `BillComparison` of the `BillEntry`s of the bill of `day` with our payments."""
    found = BillComparison()
    for chunk in _whole_trades(entries):
        ours = _ours(chunk, gateway)
        for entry in chunk:
            if not entry.is_refund:
                _compare_trade(found, entry, ours, gateway, day)
        _compare_refunds(found, [e for e in chunk if e.is_refund], ours, gateway, day)
    return found


def _whole_trades(entries):
    """Lists of about `CHUNK` entries, each with all that the bill says of its trades."""
    chunk: list = []
    by_trade = sorted(entries, key=lambda entry: entry.trade_number)
    for _, of_trade in groupby(by_trade, key=lambda entry: entry.trade_number):
        chunk += of_trade
        if len(chunk) >= CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _ours(entries, gateway):
    trades = {entry.trade_number for entry in entries}
    orders = {entry.order_number for entry in entries}
    payments = Payment.objects.filter(gateway=gateway).filter(
        Q(trade_number__in=trades) | Q(reference__in=orders)
    )
    known = defaultdict(set)
    told = Discrepancy.objects.filter(gateway=gateway, trade_number__in=trades)
    for trade, kind in told.values_list("trade_number", "kind"):
        known[trade].add(kind)
    refunded: dict = defaultdict(int)
    lines = BillLine.objects.filter(gateway=gateway, trade_number__in=trades, kind=LineKind.REFUND)
    for trade, amount in lines.values_list("trade_number", "amount_fen"):
        refunded[trade] += amount
    found = list(payments)
    return _Side(
        by_trade={payment.trade_number: payment for payment in found if payment.trade_number},
        by_reference={payment.reference: payment for payment in found},
        known=known,
        refunded=refunded,
    )


def _compare_trade(found, entry, ours, gateway, day):
    payment = ours.by_trade.get(entry.trade_number)
    if payment is not None and payment.amount_fen == entry.amount_fen:
        found.results[entry.number] = LineResult.MATCHED
        return
    if ours.known[entry.trade_number].intersection(_KNOWN_TRADES):
        found.results[entry.number] = LineResult.KNOWN
        return
    kind = DiscrepancyKind.BILL_AMOUNT if payment else DiscrepancyKind.BILL_ONLY_THEIRS
    meant = payment or ours.by_reference.get(entry.order_number)
    _differs(found, [entry], kind, entry.amount_fen, meant, gateway, day)


def _compare_refunds(found, entries, ours, gateway, day):
    """The refunds of one trade together: what counts is how much went back of it."""
    by_trade = defaultdict(list)
    for entry in entries:
        by_trade[entry.trade_number].append(entry)
    for trade, refunds in by_trade.items():
        payment = ours.by_trade.get(trade)
        total = sum(entry.amount_fen for entry in refunds) + ours.refunded[trade]
        if payment is not None and _is_our_refund(payment, total):
            found.results |= {entry.number: LineResult.MATCHED for entry in refunds}
        elif ours.known[trade].intersection(_KNOWN_REFUNDS):
            found.results |= {entry.number: LineResult.KNOWN for entry in refunds}
        else:
            kind = DiscrepancyKind.BILL_REFUND
            _differs(found, refunds, kind, total, payment, gateway, day)


def _is_our_refund(payment, total):
    """Whether `total` is what we sent back through the gateway, and not on another way."""
    is_ours = payment.status in GOING_BACK and not payment.settlement
    return is_ours and total == payment.amount_fen


def _differs(found, entries, kind, amount_fen, payment, gateway, day):
    found.results |= {entry.number: LineResult.DIFFERS for entry in entries}
    found.differences.append(
        Discrepancy(
            kind=kind,
            gateway=gateway,
            order_number=entries[0].order_number,
            trade_number=entries[0].trade_number,
            amount_fen=amount_fen,
            payment=payment,
            bill_day=day,
        )
    )


def only_ours(*, gateway, day):
    """Unsaved differences: what we have of `day` and no bill lists. Call it with the lines saved.

    The last minutes of a day are looked for once the bill of the next day is there as well.
    """
    since, until = _window(gateway, day)
    lines = BillLine.objects.filter(gateway=gateway, trade_number=OuterRef("trade_number"))
    of_gateway = Payment.objects.filter(gateway=gateway)
    paid = of_gateway.filter(status__in=RECEIVED, paid_at__gte=since, paid_at__lt=until)
    refunded = of_gateway.filter(
        status=PaymentStatus.REFUNDED, settlement="", refunded_at__gte=since, refunded_at__lt=until
    )
    kinds = (
        (DiscrepancyKind.BILL_ONLY_OURS, paid, LineKind.TRADE),
        (DiscrepancyKind.BILL_REFUND, refunded, LineKind.REFUND),
    )
    return [
        Discrepancy(
            kind=kind,
            gateway=gateway,
            order_number=payment.reference,
            trade_number=payment.trade_number,
            amount_fen=payment.amount_fen,
            payment=payment,
            bill_day=day,
        )
        for kind, rows, of in kinds
        for payment in rows.filter(~Exists(lines.filter(kind=of))).order_by("pk")
    ]


def _window(gateway, day):
    """The moments between which our rows must stand in the bills up to that of `day`."""
    there = DailyBill.objects.filter(gateway=gateway).exclude(status=BillStatus.WAITING)
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    days = set(there.filter(day__in=(before, after)).values_list("day", flat=True))
    since = start_of(day) - (MARGIN if before in days else timedelta(0))
    return since, end_of(day) - (timedelta(0) if after in days else MARGIN)


def has_payments(*, gateway, day):
    """Whether we know of money that moved at `gateway` on `day`."""
    since, until = start_of(day), end_of(day)
    moved = Q(paid_at__gte=since, paid_at__lt=until)
    moved |= Q(refunded_at__gte=since, refunded_at__lt=until, settlement="")
    return Payment.objects.filter(moved, gateway=gateway).exists()
