"""Judges a report of the bureau by what is known about its order already."""

from datetime import datetime, timedelta
from enum import Enum, auto
from typing import NamedTuple

from apps.bureau.enums import NOT_SENT, OrderStatus, ReportKind
from apps.cards.enums import RequestStatus


class ReportVerdict(Enum):
    APPLIES = auto()
    REPEATED = auto()  # it says what is known already
    EARLY = auto()  # its predecessor has not come yet
    REFUSED = auto()


TOO_EARLY = "办理时间早于送制的时间，请制卡中心核对后另报一行。"
# By so much the clock of a bureau may be slow.
_CLOCKS_DIFFER_BY = timedelta(days=1)


class OrderStanding(NamedTuple):
    """The facts about an order that a report can change, and when its batch was made."""

    status: str
    has_failed: bool
    ordered_at: datetime
    was_not_sent: bool = False
    card_number: str = ""
    carrier: str = ""
    tracking_number: str = ""


def standing(order):
    """The `OrderStanding` of `order`. Select `batch` and `card_request__card` along."""
    card_request = order.card_request
    return standing_of(
        order.status,
        order.batch.created_at,
        card_request.status,
        card_request.card.card_number if card_request.card else "",
        card_request.carrier,
        card_request.tracking_number,
    )


def standing_of(order_status, ordered_at, request_status, card_number, carrier, tracking_number):
    """The `OrderStanding` of these columns of an order, its request and their card."""
    return OrderStanding(
        status=request_status,
        has_failed=order_status == OrderStatus.FAILED,
        ordered_at=ordered_at,
        was_not_sent=order_status in NOT_SENT,
        card_number=card_number,
        carrier=carrier,
        tracking_number=tracking_number,
    )


def judge(before, report):
    """(`ReportVerdict`, why not, the `OrderStanding` afterwards) of a report on an order."""
    verdict, why_not, after = _judge(before, report)
    is_of_use = verdict in (ReportVerdict.APPLIES, ReportVerdict.EARLY)
    if is_of_use and report.at < before.ordered_at - _CLOCKS_DIFFER_BY:
        return ReportVerdict.REFUSED, TOO_EARLY, before
    return verdict, why_not, after


def _judge(before, report):
    kind = ReportKind(report.kind)
    if before.was_not_sent:
        why_not = "这张制卡单搁置了，没有送给制卡中心。"
        return ReportVerdict.REFUSED, why_not, before
    if before.has_failed:
        if kind == ReportKind.FAILED:
            return ReportVerdict.REPEATED, "", before
        return ReportVerdict.REFUSED, "这张制卡单已经回报过制卡失败。", before
    if before.status == RequestStatus.APPROVED:
        if kind == ReportKind.SENT:
            return ReportVerdict.EARLY, "", before
        return ReportVerdict.APPLIES, "", _after(before, report)
    if not before.card_number:
        return ReportVerdict.REFUSED, "这张制卡单的申请现在不在制卡中。", before
    if kind == ReportKind.FAILED:
        return ReportVerdict.REFUSED, "这张制卡单已经回报过制卡成功。", before
    if kind == ReportKind.MADE:
        if report.card_number == before.card_number:
            return ReportVerdict.REPEATED, "", before
        return ReportVerdict.REFUSED, "这张制卡单已经回报过另一个社保卡号。", before
    if before.status == RequestStatus.PRODUCED:
        return ReportVerdict.APPLIES, "", _after(before, report)
    if (report.carrier, report.tracking_number) == (before.carrier, before.tracking_number):
        return ReportVerdict.REPEATED, "", before
    return ReportVerdict.REFUSED, "这张制卡单已经回报过另一个运单。", before


def _after(before, report):
    match ReportKind(report.kind):
        case ReportKind.MADE:
            return before._replace(status=RequestStatus.PRODUCED, card_number=report.card_number)
        case ReportKind.FAILED:
            return before._replace(status=RequestStatus.ACCEPTED, has_failed=True)
    return before._replace(
        status=RequestStatus.DISPATCHED,
        carrier=report.carrier,
        tracking_number=report.tracking_number,
    )
