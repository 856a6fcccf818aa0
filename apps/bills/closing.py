"""Closes a month: books everything that no month has, for good."""

from django.db import transaction

from apps.bills import booking
from apps.bills.enums import MonthAction
from apps.bills.event_kinds import MONTH
from apps.bills.models import BookedEntry, ClosedMonth
from apps.common.moments import start_of
from apps.common.refusals import Refused
from apps.common.templatetags.formats import day as day_in_words
from apps.events import services as events
from apps.events.enums import Channel, Role

CHUNK = 1000


def check_closable(*, gateway, month, at):
    """Raise `Refused` with why `month` cannot be closed now."""
    if ClosedMonth.objects.filter(gateway=gateway, month=month).exists():
        raise Refused("这个月已经结过账，不能再改。晚到的会记入下个月。", code="closed")
    if month != booking.next_to_close(gateway):
        raise Refused("请先给更早的月份结账。", code="order")
    if start_of(booking.following(month)) > at:
        raise Refused("这个月还没有过完。", code="not_over")
    missing = booking.days_without_bill(gateway, month)
    if missing:
        days = "、".join(day_in_words(day) for day in missing[:5])
        more = f" 等 {len(missing)} 天" if len(missing) > 5 else ""
        raise Refused(f"还没有 {days}{more}的账单，请等取到，或上传后再结账。", code="bills")


@transaction.atomic
def close(*, gateway, month, shown_fen, by, at):
    """Close `month` with everything up to its end. Returns the `ClosedMonth`.

    `shown_fen` is the closing sum that the page showed: raises `Refused` if it is another one by
    now, and as `check_closable`.
    """
    check_closable(gateway=gateway, month=month, at=at)
    entries = booking.unbooked(gateway, month)
    columns = booking.sums(entries, booking.opening_of(gateway, month))
    if columns["closing_fen"] != shown_fen:
        raise Refused("这段时间里又有变化，金额已经不同，请再看一遍。", code="changed")
    closed = ClosedMonth.objects.create(
        gateway=gateway,
        month=month,
        **columns,
        open_differences=booking.open_differences(gateway, month).count(),
        closed_at=at,
        closed_by=by,
    )
    for entry in entries:
        entry.month = closed
    BookedEntry.objects.bulk_create(entries, batch_size=CHUNK)
    record(closed=closed, action=MonthAction.CLOSE, by=by, at=at)
    return closed


def record(*, closed, action, by, at):
    """Write the event of `action` on the closed month."""
    return events.record(
        kind=MONTH,
        action=action,
        by=by,
        role=Role.STAFF,
        at=at,
        channel=Channel.ADMIN,
        subject_id=closed.pk,
        reference=closed.reference,
        facts={"month": closed.month.isoformat(), "closing_fen": closed.closing_fen},
    )
