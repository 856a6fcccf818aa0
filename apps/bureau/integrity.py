"""Of production: an order is as far as its request, and no report or file waits unseen."""

from django.db.models import Exists, OuterRef

from apps.bureau.enums import BatchStatus, OrderStatus, ReportStatus
from apps.bureau.models import BureauReport, ProductionBatch, ProductionOrder
from apps.cards.enums import RequestStatus
from apps.common.integrity import PATIENCE, About, Invariant

# From which status of the request on an order may be where it is.
_AS_FAR_AS = {
    OrderStatus.OPEN: (RequestStatus.APPROVED,),
    OrderStatus.HELD: (RequestStatus.APPROVED,),
    OrderStatus.MADE: (RequestStatus.PRODUCED,),
    OrderStatus.SENT: (RequestStatus.DISPATCHED, RequestStatus.COLLECTED),
}


def _unlike_request(at):
    for status, of_request in _AS_FAR_AS.items():
        orders = ProductionOrder.objects.filter(status=status)
        yield from orders.exclude(card_request__status__in=of_request)


def _left_with_order_on_hold(at):
    """A batch that holds nothing to be made, and has not been closed."""
    to_make = ProductionOrder.objects.to_send().filter(batch=OuterRef("pk"))
    waiting = ProductionBatch.objects.filter(status=BatchStatus.WAITING)
    return waiting.filter(~Exists(to_make), status_since__lte=at - PATIENCE)


def _applied_to_no_order(at):
    orders = ProductionOrder.objects.filter(reference=OuterRef("order_reference"))
    return BureauReport.objects.filter(~Exists(orders), status=ReportStatus.APPLIED)


def _not_tried_again(at):
    return BureauReport.objects.open().filter(next_try_at__lte=at - PATIENCE)


INVARIANTS = [
    Invariant("制卡单和申请办到同一步", _unlike_request),
    Invariant("登记了的回盘都有制卡单", _applied_to_no_order),
    Invariant("等待送出的批次都有要做的卡", _left_with_order_on_hold, About.WORK),
    Invariant("没有登记的回盘都按时再试过", _not_tried_again, About.WORK),
]
