"""What the bureau reports: stored line by line, then applied, each report once and in its order.

Whatever the order in which files and lines arrive, and however often, the end is the same: a
repeated line changes nothing, and a report that came before its predecessor waits for it.
"""

import logging
from datetime import timedelta

from django.db import DatabaseError, transaction

from apps.bureau.enums import ReportAction, ReportKind
from apps.bureau.lifecycle import REPORT
from apps.bureau.models import BureauFile, BureauReport, ProductionOrder, QuarantinedLine
from apps.bureau.port import Report
from apps.bureau.standing import Verdict, judge, standing
from apps.cards.enums import CardAction, RequestAction
from apps.cards.models import Card
from apps.common.fields import blind_index
from apps.common.refusals import Refused
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed

logger = logging.getLogger(__name__)

AS_WORKER = {"by": None, "role": Role.WORKER, "channel": Channel.WORKER}
RETRY_AFTER = timedelta(minutes=10)
CONFLICT = "这个回盘编号以前报过不同的内容，以先收到的为准。"
UNKNOWN_ORDER = "没有这个制卡单号。"
OTHER_BUREAU = "这个制卡单不是送给这家制卡中心的。"


# --- Storing ------------------------------------------------------------------------------------


@transaction.atomic
def store(*, file, by, at, bureau=""):
    """Keep what the `ReportFile` says. Returns its `BureauFile`, and whether it is a new one.

    `by` is whoever uploaded it, or None for the worker, who names the `bureau`. A file that was
    stored before changes nothing. Raises IntegrityError when another worker stores the same reports
    in this moment.
    """
    row, is_new = BureauFile.objects.get_or_create(
        sha256=file.sha256,
        refusal=file.refusal,
        defaults={
            "name": file.name[:100],
            "direction": BureauFile.Direction.IN,
            "exchanged_at": at,
            "exchanged_by": by,
            "bureau": bureau,
        },
    )
    if not is_new or file.refusal:
        return row, is_new
    fresh, broken = sort(file.lines)
    receive(rows=[as_row(line.report, file=row, at=at) for line in fresh], by=by, at=at)
    row.good, row.broken = len(fresh), _set_aside(row, broken, at=at)
    row.repeated = len(file.lines) - row.good - row.broken
    row.save(update_fields=["good", "broken", "repeated"])
    return row, True


def receive(*, rows, by, at):
    """Save new reports; `by` is whoever brought them, or None for the worker."""
    who = {"by": by, "role": Role.STAFF, "channel": Channel.ADMIN} if by else AS_WORKER
    engine.begin_all(rows, ReportAction.RECEIVE, at=at, **who)


def sort(lines):
    """Those of the `lines` with a report that is new, and (line, fault) of those to be set aside.

    The others repeat what is stored, or what stands in an earlier line.
    """
    readable = [line for line in lines if line.report]
    known = {
        reference: _said(row)
        for reference, row in BureauReport.objects.in_bulk(
            {line.report.reference for line in readable}, field_name="reference"
        ).items()
    }
    fresh, broken = [], []
    for line in lines:
        if line.report is None:
            broken.append((line, line.fault))
        elif line.report.reference not in known:
            known[line.report.reference] = line.report
            fresh.append(line)
        elif known[line.report.reference] != line.report:
            broken.append((line, CONFLICT))
    return fresh, broken


def as_row(report, *, file, at):
    """The unsaved `BureauReport` of a `Report`."""
    return BureauReport(
        reference=report.reference,
        order_reference=report.order_reference,
        kind=report.kind,
        reported_at=report.at,
        card_number=report.card_number,
        carrier=report.carrier,
        tracking_number=report.tracking_number,
        failure=report.failure,
        file=file,
        received_at=at,
        next_try_at=at,
    )


def _said(row):
    """The `Report` that `row` was made from."""
    return Report(
        reference=row.reference,
        order_reference=row.order_reference,
        kind=ReportKind(row.kind),
        at=row.reported_at,
        card_number=row.card_number,
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        failure=row.failure,
    )


def _set_aside(file, broken, *, at):
    """Put the broken lines into quarantine, each once. Returns how many are new there."""
    rows = {
        blind_index(line.content): QuarantinedLine(
            file=file, number=line.number, content=line.content, fault=fault, received_at=at
        )
        for line, fault in reversed(broken)
    }
    known = QuarantinedLine.objects.in_bulk(rows, field_name="content_index")
    new = [row for index, row in rows.items() if index not in known]
    QuarantinedLine.objects.bulk_create(sorted(new, key=lambda row: row.number), batch_size=500)
    return len(new)


# --- Applying -----------------------------------------------------------------------------------


def apply(report, *, at):
    """Apply one stored report, and say what became of it. Returns whether it is applied now.

    One that cannot be applied is tried again later, with its reason; others of the same order are
    due at once when this one succeeds.
    """
    try:
        return _apply(report, at=at)
    except (Refused, DatabaseError) as error:
        logger.warning("report #%s not applied: %s", report.pk, type(error).__name__)
        _park(report, ReportAction.REFUSE, at=at, waits_for="", error=_reason(error))
        return False


def _park(report, action, *, at, **columns):
    """Leave `report` for a later try; only the first time is an event."""
    columns["next_try_at"] = at + RETRY_AFTER
    report.refresh_from_db(fields=["status"])
    if report.status == REPORT.moves[action].target:
        BureauReport.objects.open().filter(pk=report.pk).update(**columns)
        return
    try:
        engine.move(report, action, at=at, **columns, **AS_WORKER)
    except NotAllowed:
        logger.info("report #%s was applied meanwhile", report.pk)


def _reason(error):
    return error.message if isinstance(error, Refused) else "数据库拒绝了这一行，请核对卡号。"


@transaction.atomic
def _apply(report, *, at):
    order = (
        ProductionOrder.objects.select_for_update(of=("self",))
        .select_related(
            "batch", "card_request__old_card", "card_request__holder", "card_request__card"
        )
        .filter(reference=report.order_reference)
        .first()
    )
    if order is None:
        raise Refused(UNKNOWN_ORDER, code="unknown_order")
    if report.file is not None and report.file.bureau not in ("", order.batch.bureau):
        raise Refused(OTHER_BUREAU, code="other_bureau")
    verdict, why_not, _ = judge(standing(order), report)
    if verdict == Verdict.REFUSED:
        raise Refused(why_not, code="contradicts")
    if verdict == Verdict.EARLY:
        _park(report, ReportAction.DEFER, at=at, waits_for=ReportKind.MADE, error="")
        return False
    try:
        engine.move(report, ReportAction.APPLY, at=at, waits_for="", error="", **AS_WORKER)
    except NotAllowed:
        return False
    if verdict == Verdict.APPLIES:
        _ACTS[ReportKind(report.kind)](order, report, at)
        BureauReport.objects.open().filter(order_reference=report.order_reference).update(
            next_try_at=at
        )
    return True


def _made(order, report, at):
    card_request = order.card_request
    if card_request.old_card is not None:
        engine.move(
            card_request.old_card,
            CardAction.RETIRE,
            at=at,
            reason="挂失后注销，新卡已制成",
            **AS_WORKER,
        )
    card = Card(
        holder=card_request.holder,
        city_id=card_request.city_id,
        bank_id=card_request.bank_id,
        card_number=report.card_number,
        replaces=card_request.old_card,
    )
    engine.begin(card, CardAction.ISSUE, at=at, due_at=report.reported_at, **AS_WORKER)
    engine.move(
        card_request,
        RequestAction.PRODUCE,
        at=at,
        due_at=report.reported_at,
        card=card,
        **AS_WORKER,
    )


def _failed(order, report, at):
    engine.move(
        order.card_request,
        RequestAction.FAIL,
        at=at,
        due_at=report.reported_at,
        reason=report.failure,
        **AS_WORKER,
    )


def _sent(order, report, at):
    engine.move(
        order.card_request,
        RequestAction.DISPATCH,
        at=at,
        due_at=report.reported_at,
        carrier=report.carrier,
        tracking_number=report.tracking_number,
        **AS_WORKER,
    )


_ACTS = {ReportKind.MADE: _made, ReportKind.FAILED: _failed, ReportKind.SENT: _sent}
