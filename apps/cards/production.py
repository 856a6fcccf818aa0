"""The worker's part of a request: accept, send to the bureau, apply its reports, close.

Every function takes what is due from the database, oldest first and limited, gives each row its
own transaction, and may run twice or be killed at any moment: the rows are the queue.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction

from apps.cards import lifecycle
from apps.cards.bureau import BureauUnavailable, OrderLine, get_bureau
from apps.cards.enums import CardAction, Channel, RequestAction, RequestStatus, Role
from apps.cards.models import (
    BureauReport,
    Card,
    CardRequest,
    ProductionBatch,
    ProductionOrder,
)
from apps.cards.models.production import ReportKind
from apps.common.refusals import Refused

logger = logging.getLogger(__name__)

AS_WORKER = {"by": None, "role": Role.WORKER, "channel": Channel.WORKER}
RETRY_AFTER = timedelta(minutes=10)


def accept_paid(*, at, limit):
    """Accept requests that are paid (受理制卡申请). Returns how many were accepted."""
    due = CardRequest.objects.resting_since(RequestStatus.PAID, at)[:limit]
    return _each(due, lambda request: _advance(request, RequestAction.ACCEPT, at=at))


def collect_overdue(*, at, limit):
    """Close requests whose card was sent long ago and whose receipt nobody confirmed."""
    before = at - settings.COLLECT_AFTER
    due = CardRequest.objects.resting_since(RequestStatus.DISPATCHED, before)[:limit]
    return _each(
        due,
        lambda request: _advance(
            request,
            RequestAction.COLLECT,
            at=at,
            due_at=request.status_since + settings.COLLECT_AFTER,
            reason="发出后多日未确认，系统自动确认领取",
        ),
    )


def make_batch(*, at, limit):
    """Put the approved requests that have no live order into a new batch.

    Only those whose approval can't be recalled any more. The rows are locked before they are
    ordered, so a recall at the same moment either came first, and its request is not APPROVED any
    more, or waits and then finds the order. Returns the batch, or None when nothing is waiting.
    """
    approved_by = at - settings.APPROVAL_UNDO_WINDOW
    try:
        with transaction.atomic():
            waiting = list(
                CardRequest.objects.select_for_update()
                .resting_since(RequestStatus.APPROVED, approved_by)
                .exclude(production_orders__in=ProductionOrder.objects.filter(failed_at=None))
                .order_by("status_since", "pk")
                .values_list("pk", flat=True)[:limit]
            )
            if not waiting:
                return None
            batch = ProductionBatch.objects.create(created_at=at, next_try_at=at)
            ProductionOrder.objects.bulk_create(
                [ProductionOrder(request_id=pk, batch=batch) for pk in waiting]
            )
    except IntegrityError:
        # Another worker took some of them in the same moment; the next run sees what is left.
        return None
    return batch


def submit_batches(*, at, limit):
    """Hand the waiting batches to the bureau, outside of any transaction. Returns how many left."""
    bureau = get_bureau()
    due = ProductionBatch.objects.filter(submitted_at=None, next_try_at__lte=at).order_by("pk")
    submitted = 0
    for batch in due[:limit]:
        ProductionBatch.objects.filter(pk=batch.pk).update(next_try_at=at + RETRY_AFTER)
        try:
            bureau.submit(batch.reference, _lines(batch), at=at)
        except BureauUnavailable as error:
            logger.warning("batch %s not submitted: %s", batch.reference, error)
            ProductionBatch.objects.filter(pk=batch.pk).update(last_error=str(error))
            continue
        submitted += ProductionBatch.objects.filter(pk=batch.pk, submitted_at=None).update(
            submitted_at=at, last_error=""
        )
    return submitted


def _lines(batch):
    orders = batch.orders.select_related("request__city", "request__bank", "request__shipment")
    return [
        OrderLine(
            reference=order.reference,
            city_code=order.request.city.code,
            bank_code=order.request.bank.code,
            is_pickup=_is_pickup(order.request),
        )
        for order in orders.order_by("pk")
    ]


def _is_pickup(request):
    shipment = getattr(request, "shipment", None)
    return shipment is not None and shipment.is_pickup


def fetch_reports(*, at):
    """Store what the bureau reports, then acknowledge it. Returns how many lines were fetched."""
    bureau = get_bureau()
    try:
        reports = list(bureau.fetch(at=at))
    except BureauUnavailable as error:
        logger.warning("no reports from the bureau: %s", error)
        return 0
    BureauReport.objects.bulk_create(
        [
            BureauReport(
                reference=report.reference,
                order_reference=report.order_reference,
                kind=report.kind,
                reported_at=report.at,
                card_number=report.card_number,
                carrier=report.carrier,
                tracking_number=report.tracking_number,
                failure=report.failure,
                received_at=at,
                next_try_at=at,
            )
            for report in reports
        ],
        ignore_conflicts=True,
    )
    bureau.acknowledge(reports)
    return len(reports)


def apply_reports(*, at, limit):
    """Apply the stored reports to their requests. Returns how many were applied."""
    applied = 0
    for report in BureauReport.objects.due(at)[:limit]:
        try:
            applied += apply_report(report, at=at)
        except (Refused, DatabaseError) as error:
            # One bad line never stops the rest; it is tried again later, with its reason shown.
            logger.warning("report #%s not applied: %s", report.pk, type(error).__name__)
            BureauReport.objects.filter(pk=report.pk).update(
                next_try_at=at + RETRY_AFTER, error=_reason(error)
            )
    return applied


def _reason(error):
    return error.message if isinstance(error, Refused) else "数据库拒绝了这一行，请核对卡号。"


@transaction.atomic
def apply_report(report, *, at):
    """Apply one stored report; a report that was applied before changes nothing.

    Raises `Refused` when its order is unknown or the request is not in the matching status.
    """
    if not BureauReport.objects.filter(pk=report.pk, applied_at=None).update(
        applied_at=at, error=""
    ):
        return False
    order = (
        ProductionOrder.objects.select_related("request__old_card", "request__holder")
        .filter(reference=report.order_reference)
        .first()
    )
    if order is None:
        raise Refused("没有这个制卡单号。", code="unknown_order")
    _APPLY[ReportKind(report.kind)](order, report, at)
    return True


def _made(order, report, at):
    request = order.request
    if request.old_card is not None:
        lifecycle.move(
            request.old_card, CardAction.RETIRE, at=at, reason="挂失后注销，新卡已制成", **AS_WORKER
        )
    card = Card(
        holder=request.holder,
        city_id=request.city_id,
        bank_id=request.bank_id,
        card_number=report.card_number,
        replaces=request.old_card,
    )
    lifecycle.begin(card, CardAction.ISSUE, at=at, due_at=report.reported_at, **AS_WORKER)
    lifecycle.move(
        request, RequestAction.PRODUCE, at=at, due_at=report.reported_at, card=card, **AS_WORKER
    )


def _failed(order, report, at):
    ProductionOrder.objects.filter(pk=order.pk).update(failed_at=at)
    lifecycle.move(
        order.request,
        RequestAction.FAIL,
        at=at,
        due_at=report.reported_at,
        reason=report.failure,
        **AS_WORKER,
    )


def _sent(order, report, at):
    lifecycle.move(
        order.request,
        RequestAction.DISPATCH,
        at=at,
        due_at=report.reported_at,
        carrier=report.carrier,
        tracking_number=report.tracking_number,
        **AS_WORKER,
    )


_APPLY = {ReportKind.MADE: _made, ReportKind.FAILED: _failed, ReportKind.SENT: _sent}


def _advance(request, action, *, at, due_at=None, reason=""):
    lifecycle.move(request, action, at=at, due_at=due_at, reason=reason, **AS_WORKER)


def _each(rows, act):
    """Call `act` on every row; a refusal of one is logged and never stops the rest."""
    done = 0
    for row in rows:
        try:
            act(row)
        except (Refused, DatabaseError) as error:
            logger.warning("%s not advanced: %s", row, type(error).__name__)
        else:
            done += 1
    return done
