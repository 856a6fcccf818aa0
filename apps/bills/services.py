"""Takes a gateway's bill of a day: compares it with our payments and keeps it, once."""

import hashlib
from datetime import timedelta

from django.db import transaction

from apps.bills import comparing
from apps.bills.enums import BillAction, BillStatus, LineKind, LineResult
from apps.bills.models import READY_AFTER, BillLine, DailyBill
from apps.common.moments import day_of, end_of
from apps.common.refusals import Refused
from apps.events.enums import AS_WORKER, Channel, Role
from apps.gateways.port import get_gateway
from apps.lifecycle import engine
from apps.payments import discrepancies
from apps.payments.models import Payment

MOST_DAYS_BACK = 30


@transaction.atomic
def expect(*, gateway, day, by, at):
    """The row for the bill of `day`, new or known. `by` is None for the worker."""
    known = DailyBill.objects.filter(gateway=gateway, day=day).first()
    if known is not None:
        return known
    bill = DailyBill(gateway=gateway, day=day, next_try_at=end_of(day) + READY_AFTER)
    engine.begin(bill, BillAction.EXPECT, at=at, **_capacity(by))
    return bill


def expect_all(*, at):
    """Wait for the bills of all days that are over, since the first payment at each gateway.

    Returns how many are new.
    """
    new = 0
    for gateway in sorted(set(Payment.objects.values_list("gateway", flat=True).distinct())):
        for day in _days_without_bill(gateway, at=at):
            expect(gateway=gateway, day=day, by=None, at=at)
            new += 1
    return new


def _days_without_bill(gateway, *, at):
    last = day_of(at) - timedelta(days=1)
    earliest = last - timedelta(days=MOST_DAYS_BACK)
    paid = Payment.objects.filter(gateway=gateway, paid_at__isnull=False)
    first = paid.order_by("paid_at").values_list("paid_at", flat=True).first()
    if first is None:
        return
    known = set(
        DailyBill.objects.filter(gateway=gateway, day__gte=earliest).values_list("day", flat=True)
    )
    day = max(day_of(first), earliest)
    while day <= last:
        if day not in known:
            yield day
        day += timedelta(days=1)


def fetch_soon(*, bill, at):
    """Let the worker fetch `bill` with its next run. Raises `Refused` if it waits no more."""
    if not DailyBill.objects.waiting().filter(pk=bill.pk).update(next_try_at=at):
        raise Refused("这一天的账单已经取到了，不用再取。", code="taken", row=bill)


def read(*, gateway, data, day=None):
    """The `BillFile` in `data`. Raises `bill_file.UnreadableBill`."""
    return get_gateway(gateway).read_bill(data, day=day)


@transaction.atomic
def take(*, bill, file, data, by, at):
    """Keep the `file` that was read from `data`, with what differs. Returns the differences.

    A bill is taken as a whole: raises `Refused` while a line of it cannot be read, and when it was
    taken before; `Overtaken` if another worker is taking it. `by` is None for the worker.
    """
    check_takeable(bill=bill, file=file)
    found = comparing.compare(file.entries, gateway=bill.gateway, day=bill.day)
    differing = sum(result != LineResult.MATCHED for result in found.results.values())
    engine.move(
        bill,
        BillAction.TAKE,
        at=at,
        **_capacity(by),
        facts={"lines": len(file.entries), "differing": differing},
        digest=hashlib.sha256(data).hexdigest(),
        taken_by=by,
        last_error="",
    )
    BillLine.objects.bulk_create(
        [_line(bill, entry, found.results[entry.number]) for entry in file.entries],
        batch_size=comparing.CHUNK,
    )
    ours = comparing.only_ours(gateway=bill.gateway, day=bill.day)
    return discrepancies.find_by_bill(rows=[*found.differences, *ours], at=at)


def check_takeable(*, bill, file):
    """Raise `Refused` unless `file` can be taken as the bill."""
    if bill.status == BillStatus.COMPARED:
        raise Refused("这一天的账单已经收下并核对过了。", code="taken")
    if file.bad_lines:
        raise Refused(f"有 {len(file.bad_lines)} 行读不出来，账单没有收下。", code="bad_lines")
    elsewhere = _taken_before(bill, file)
    if elsewhere:
        raise Refused(
            f"第 {elsewhere} 行在另一天的账单里已经有了，账单没有收下。", code="elsewhere"
        )


def _taken_before(bill, file):
    """The number of a line that another bill has; None if there is none."""
    for first in range(0, len(file.entries), comparing.CHUNK):
        chunk = {_key(entry): entry for entry in file.entries[first : first + comparing.CHUNK]}
        lines = BillLine.objects.filter(
            gateway=bill.gateway, trade_number__in={key[1] for key in chunk}
        )
        for key in lines.values_list("kind", "trade_number", "request_number"):
            if key in chunk:
                return chunk[key].number
    return None


def _key(entry):
    return LineKind.REFUND if entry.is_refund else LineKind.TRADE, *entry.key[1:]


def _line(bill, entry, result):
    return BillLine(
        bill=bill,
        number=entry.number,
        kind=LineKind.REFUND if entry.is_refund else LineKind.TRADE,
        gateway=bill.gateway,
        trade_number=entry.trade_number,
        order_number=entry.order_number,
        request_number=entry.request_number,
        amount_fen=entry.amount_fen,
        fee_fen=entry.fee_fen,
        finished_at=entry.finished_at,
        result=result,
    )


@transaction.atomic
def find_empty(*, bill, at):
    """Record that nothing was traded on that day: the gateway has no bill, and we no payment.

    What we thought that we had in the last minutes of the day before is found as a difference.
    """
    engine.move(bill, BillAction.FIND_EMPTY, at=at, last_error="", **AS_WORKER)
    ours = comparing.only_ours(gateway=bill.gateway, day=bill.day)
    return discrepancies.find_by_bill(rows=ours, at=at)


def _capacity(by):
    """In which capacity `by` acts: None is the worker."""
    if by is None:
        return AS_WORKER
    return {"by": by, "role": Role.STAFF, "channel": Channel.ADMIN}
