"""The worker's part at the bureaus: sends approved requests and fetches reports.

Every function handles a limited number of due rows, oldest first, each in a transaction of its own.
It is idempotent and may be killed at any moment, because the rows themselves are the queue.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    transaction,
)
from django.db.models import F

from apps.bureau import order_lines, reports
from apps.bureau.enums import BatchAction, OrderAction
from apps.bureau.models import (
    BureauFile,
    ProductionBatch,
    ProductionOrder,
    ReportUpload,
)
from apps.bureau.policies import check_held
from apps.bureau.port import (
    MAIN,
    BureauUnavailable,
    LinesUnusable,
    bureau_names,
    get_bureau,
    of_bureau,
)
from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.common import leases
from apps.common.refusals import Refused, check_reason
from apps.events.enums import AS_WORKER, Channel, Role
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed
from apps.lifecycle.sweep import move_all
from apps.lifecycle.writing import Own

logger = logging.getLogger(__name__)

RETRY_AFTER = timedelta(minutes=10)
BROKEN = "程序出错，没有送出，原因在后台日志里。请联系运维员。"


def make_batches(*, at, limit):
    """A new batch for each bureau that has something to make. Returns them."""
    batches = (make_batch(at=at, limit=limit, bureau=name) for name in bureau_names())
    return [batch for batch in batches if batch is not None]


def make_batch(*, at, limit, bureau=MAIN):
    """Put the approved requests of one bureau that have no live order into a new batch.

    Only requests whose approval can no longer be recalled. The rows are locked before they are
    ordered. So a recall at the same moment either came first, and the request is no longer
    APPROVED, or it waits and then finds the order. Returns the batch, or None if nothing waits.
    """
    try:
        with transaction.atomic():
            waiting = list(
                CardRequest.objects.select_for_update()
                .resting_for(RequestStatus.APPROVED, settings.DECISION_UNDO_WINDOW, at)
                .filter(of_bureau(bureau))
                .exclude(production_orders__in=ProductionOrder.objects.live())
                .order_by("status_since", "pk")[:limit]
            )
            if not waiting:
                return None
            batch = ProductionBatch(bureau=bureau, created_at=at, next_try_at=at)
            engine.begin(batch, BatchAction.ASSEMBLE, at=at, **AS_WORKER)
            orders = [
                ProductionOrder(card_request=card_request, batch=batch) for card_request in waiting
            ]
            engine.begin_all(orders, OrderAction.PLACE, at=at, **AS_WORKER)
    except IntegrityError:
        # Another worker took some of them at the same moment; the next run takes the rest.
        return None
    return batch


def submit_batches(*, at, limit):
    """Send each waiting batch to its bureau, outside of transactions. Returns how many left."""
    waiting = ProductionBatch.objects.to_submit().order_by("pk")
    due = waiting.filter(leases.due(at, pauses=(RETRY_AFTER,)))
    return sum(_submit(batch, at=at) for batch in due[:limit])


def _submit(batch, *, at):
    this = ProductionBatch.objects.to_submit().filter(pk=batch.pk)
    # One of several workers takes the batch. If that one is killed, the batch is due again later.
    until = at + RETRY_AFTER
    if not leases.take(batch, "next_try_at", until=until, among=this, tries=F("tries") + 1):
        return False
    try:
        files = _hand_over(batch, at=at)
    except BureauUnavailable as error:
        logger.warning("batch %s not submitted: %s", batch.reference, error)
        this.update(last_error=str(error))
        return False
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # Whatever it is, the other batches leave, and the desk sees that this one didn't.
        logger.exception("batch %s not submitted", batch.reference)
        this.update(last_error=BROKEN)
        return False
    if files is None:
        return False
    with transaction.atomic():
        try:
            engine.move(batch, BatchAction.SUBMIT, at=at, last_error="", **AS_WORKER)
        except NotAllowed:
            return False
        record_sent(batch=batch, files=files, at=at)
    return True


def _hand_over(batch, *, at):
    """Send what can be sent of the batch, and put the other orders on hold with their reasons.

    Returns the `SentFile`s, or None if nothing is left to send; then the batch is closed.
    """
    bureau = get_bureau(batch.bureau)
    while True:
        lines, faults = order_lines.of_batch(batch, with_particulars=bureau.wants_particulars)
        if lines and not faults:
            try:
                return bureau.submit(batch.reference, lines, created_at=batch.created_at, at=at)
            except LinesUnusable as error:
                faults = error.faults
        if not faults:
            engine.move(batch, BatchAction.CLOSE, at=at, last_error="", **AS_WORKER)
            return None
        _hold(batch, faults, at=at)


@transaction.atomic
def _hold(batch, faults, *, at):
    """Put the orders of `faults` ({reference: why}) on hold."""
    orders = list(batch.orders.to_send().select_for_update().filter(reference__in=faults))
    if not orders:
        raise ValueError("the faults are of no order of this batch")
    own = {
        order.pk: Own({"fault": faults[order.reference]}, reason=faults[order.reference])
        for order in orders
    }
    engine.move_set(orders, OrderAction.HOLD, at=at, own=own, **AS_WORKER)


def record_sent(*, batch, files, at):
    """Write down the `SentFile`s that left for the bureau about `batch`."""
    sent = [
        BureauFile(
            name=file.name,
            sha256=file.sha256,
            direction=BureauFile.Direction.OUT,
            batch=batch,
            bureau=batch.bureau,
            exchanged_at=at,
        )
        for file in files
    ]
    BureauFile.objects.bulk_create(sent, ignore_conflicts=True)


@transaction.atomic
def release(*, order, by, at):
    """Send an order on hold on its way again: its request is in the next batch."""
    engine.move(order, OrderAction.RELEASE, by=by, role=Role.STAFF, at=at, channel=Channel.ADMIN)


def release_all(*, references, by, at):
    """Send the orders on hold with these reference numbers on their way again, as one set.

    Returns the `Sweep`; an order that somebody else has released or sent back is not among them.
    """
    return move_all(
        ProductionOrder.objects.held().filter(reference__in=references).order_by("pk"),
        OrderAction.RELEASE,
        by=by,
        role=Role.STAFF,
        at=at,
        channel=Channel.ADMIN,
        keeps_setbacks=False,
    )


@transaction.atomic
def send_back(*, order, reason, by, at):
    """Send the request of an order on hold back to its review, where it can be amended.

    Raises `Refused` without a reason, and for an order that isn't on hold any more.
    """
    check_reason(reason, "请写明为什么退回审核，审核人和申请人会看到这段话。")
    # Locked, so that it isn't released at this moment.
    current = ProductionOrder.held(order.pk)
    check_held(current)
    engine.move(
        current.card_request,
        RequestAction.FAIL,
        by=by,
        role=Role.STAFF,
        at=at,
        channel=Channel.ADMIN,
        reason=reason,
    )


def retry_batch(*, batch, by, at):
    """Make a batch due now, after sending it failed. Raises `Refused` when it was sent."""
    try:
        engine.move(
            batch,
            BatchAction.RETRY,
            by=by,
            role=Role.STAFF,
            at=at,
            channel=Channel.ADMIN,
            facts={"tries": batch.tries},
            next_try_at=at,
        )
    except NotAllowed as refusal:
        message = "这个批次已经送出，不用再送；搁置的请到「搁置」里办理。"
        raise Refused(message, code="submitted", row=batch) from refusal


def fetch_reports(*, at):
    """Store what each bureau reports, then acknowledge it.

    Returns how many files were new, and the names of the bureaus that could not be reached; the
    others are still asked.
    """
    new, away = 0, []
    for name in bureau_names():
        try:
            new += _fetch_from(name, at=at)
        except BureauUnavailable as error:
            logger.warning("no reports from the bureau %s: %s", name, error)
            away.append(name)
    return new, away


def _fetch_from(name, *, at):
    bureau = get_bureau(name)
    return sum(_take(bureau, file, name, at=at) for file in bureau.fetch(at=at))


def _take(bureau, file, name, *, at):
    """Store one file. If that fails, it is not acknowledged and comes again; the others go on."""
    try:
        _, is_new = reports.store(file=file, bureau=name, by=None, at=at)
        bureau.acknowledge(file)
    except (DatabaseError, OSError) as error:
        logger.error("a file of the bureau is not taken: %s", type(error).__name__)
        return False
    return is_new


def forget_files(*, at):
    """Delete files exchanged with a bureau that are older than settings.BUREAU_FILE_RETENTION."""
    for name in bureau_names():
        get_bureau(name).forget(before=at - settings.BUREAU_FILE_RETENTION)


def forget_uploads(*, at, limit):
    """Delete the uploaded reports whose preview nobody confirmed. Returns how many."""
    due = ReportUpload.objects.filter(uploaded_at__lte=at - settings.REPORT_UPLOAD_RETENTION)
    return due.filter(pk__in=due.order_by("pk").values("pk")[:limit]).delete()[0]
