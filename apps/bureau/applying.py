"""Applying the stored reports of the bureau: a thousand at a time, each once and in its order.

The result does not depend on the order in which reports arrive: a report that comes before its
predecessor waits for it. A report that cannot be applied keeps its reason and is tried again later;
the others go on.
"""

import logging

from django.db import IntegrityError, transaction

from apps.bureau.enums import ReportAction, ReportKind
from apps.bureau.lifecycle import REPORT
from apps.bureau.models import BureauReport, ProductionOrder
from apps.bureau.models.bureau import RETRY_AFTER
from apps.bureau.standing import ReportVerdict, judge, standing
from apps.cards.enums import CardAction, RequestAction
from apps.cards.models import Card, CardRequest
from apps.common.refusals import Refused
from apps.events.enums import AS_WORKER
from apps.lifecycle import engine
from apps.lifecycle.sweep import move_all
from apps.lifecycle.writing import Own, locked

logger = logging.getLogger(__name__)

UNKNOWN_ORDER = "没有这个制卡单号。"
OTHER_BUREAU = "这个制卡单不是送给这家制卡中心的。"
NUMBER_TAKEN = "这个社保卡号已经登记在另一张卡上。"
NOT_TAKEN = "数据库拒绝了这一行，请核对卡号。"


def apply_due(*, at, limit=None, deadline=None):
    """Apply the stored reports that are due, the earliest first. Returns how many were applied.

    Works until nothing is due, `limit` reports are applied, or the `Deadline` has passed.
    """
    applied = 0
    while True:
        rest = None if limit is None else limit - applied
        done = _ReportApplier(at).run(BureauReport.objects.due(at), limit=rest, deadline=deadline)
        applied += done
        # An applied report makes the reports that waited for it due, so the query is repeated.
        if not done or (deadline is not None and deadline.has_passed):
            return applied


def apply(*, report, at):
    """Apply one stored report now, due or not. Returns whether it is applied.

    Also False if a worker is applying it at this moment. `report` is brought up to date.
    """
    this = BureauReport.objects.open().filter(pk=report.pk).order_by("pk")
    done = _ReportApplier(at).run(this, limit=1)
    report.refresh_from_db()
    return bool(done)


class _ReportApplier:
    """Applies sets of reports one after the other, and keeps what was read for the present set."""

    def __init__(self, at):
        self.at = at
        self.acts: dict[int, tuple[ProductionOrder, BureauReport]] = {}
        self.early: set[int] = set()
        self.busy: set[int] = set()

    def run(self, reports, *, limit, deadline=None):
        """Apply those of the queryset `reports` that can be applied. Returns how many."""
        return move_all(
            reports.prefetch_related("file"),  # many of one file, and many orders of one batch
            ReportAction.APPLY,
            at=self.at,
            each=self.judge,
            then=self.act,
            park=self.park,
            limit=limit,
            deadline=deadline,
            waits_for="",
            error="",
            **AS_WORKER,
        ).done

    # --- Judging ----------------------------------------------------------------------------------

    def judge(self, reports):
        """The `each` of `move_all` for the locked `reports`: {pk: an `Own`, or a `Refused`}."""
        self.acts = {}
        self.busy -= {report.pk for report in reports}
        orders, busy = _locked_orders({report.order_reference for report in reports})
        taken = Card.objects.numbers_taken(
            {report.card_number for report in reports if report.card_number}
        )
        answers: dict[int, Own | Refused] = {}
        of_order: dict[str, list[BureauReport]] = {}
        for report in reports:
            of_order.setdefault(report.order_reference, []).append(report)
        for reference, own in of_order.items():
            if reference in orders:
                answers |= self._judge_order(orders[reference], own, taken)
            elif reference in busy:
                self.busy |= {report.pk for report in own}
                answers |= {report.pk: Refused("", code="busy") for report in own}
            else:
                unknown = Refused(UNKNOWN_ORDER, code="unknown_order")
                answers |= {report.pk: unknown for report in own}
        return answers

    def _judge_order(self, order, reports, taken):
        """The answers for all reports on one order. Each is judged after the earlier ones.

        `taken` are the card numbers that exist; those of this order are added.
        """
        answers: dict[int, Own | Refused] = {}
        now, waiting = standing(order), reports
        while waiting:
            early = []
            for report in waiting:
                verdict, why_not, after = judge(now, report)
                if _is_of_another_bureau(report, order):
                    answers[report.pk] = Refused(OTHER_BUREAU, code="other_bureau")
                elif verdict == ReportVerdict.EARLY:
                    early.append(report)
                elif verdict == ReportVerdict.REFUSED:
                    answers[report.pk] = Refused(why_not, code="contradicts")
                elif verdict == ReportVerdict.APPLIES and report.card_number in taken:
                    answers[report.pk] = Refused(NUMBER_TAKEN, code="number_taken")
                else:
                    answers[report.pk], now = Own(), after
                    if verdict == ReportVerdict.APPLIES:
                        self.acts[report.pk] = (order, report)
                        taken |= {report.card_number} - {""}
            if len(early) == len(waiting):
                break
            waiting = early
        self.early -= {report.pk for report in reports}
        self.early |= {report.pk for report in waiting}
        return answers | {report.pk: Refused("", code="early") for report in waiting}

    # --- Acting -----------------------------------------------------------------------------------

    def act(self, pks):
        """Apply the moved reports `pks` to their orders, in the transaction of their move."""
        acts = [self.acts[pk] for pk in pks if pk in self.acts]
        of_kind = {kind: [one for one in acts if one[1].kind == kind] for kind in ReportKind}
        try:
            with transaction.atomic():
                self._make(of_kind[ReportKind.MADE])
                self._move(of_kind[ReportKind.FAILED], RequestAction.FAIL, _of_failure)
                self._move(of_kind[ReportKind.SENT], RequestAction.DISPATCH, _of_dispatch)
        except IntegrityError as error:
            raise Refused(NOT_TAKEN, code="not_taken") from error
        orders = {order.reference for order, _ in acts}
        waiting = BureauReport.objects.open().filter(order_reference__in=orders)
        BureauReport.objects.filter(pk__in=_lock(waiting, skip=True)).update(next_try_at=self.at)

    def _make(self, acts):
        """Retire the cards that are replaced, and issue the new ones."""
        old = [
            order.card_request.old_card
            for order, _ in acts
            if order.card_request.old_card is not None
        ]
        engine.move_set(
            old, CardAction.RETIRE, at=self.at, reason="挂失后注销，新卡已制成", **AS_WORKER
        )
        moments = {report.card_number: report.reported_at for _, report in acts}
        cards = [
            Card(
                holder_id=order.card_request.holder_id,
                city_id=order.card_request.city_id,
                bank_id=order.card_request.bank_id,
                card_number=report.card_number,
                replaces=order.card_request.old_card,
            )
            for order, report in acts
        ]
        engine.begin_all(
            cards,
            CardAction.ISSUE,
            at=self.at,
            due_at=lambda card: moments[card.card_number],
            **AS_WORKER,
        )
        issued = {card.card_number: card for card in cards}
        self._move(
            acts,
            RequestAction.PRODUCE,
            lambda report: {"columns": {"card": issued[report.card_number]}},
        )

    def _move(self, acts, action, details):
        """Move the requests of `acts`. `details(report)` returns the columns for one of them."""
        own = {
            order.card_request.pk: Own(due_at=report.reported_at, **details(report))
            for order, report in acts
        }
        requests = [order.card_request for order, _ in acts]
        engine.move_set(requests, action, at=self.at, own=own, **AS_WORKER)

    # --- Putting aside ----------------------------------------------------------------------------

    @transaction.atomic
    def park(self, left):
        """Put the reports `left` ({pk: why}) off for a later try. Only the first time is an event.

        Reports whose order another worker holds, or has moved in between, stay due.
        """
        found = BureauReport.objects.open().filter(pk__in=left.keys() - self.busy).order_by("pk")
        rows = list(locked(found, skip=True))
        moved = ProductionOrder.objects.reported().filter(
            reference__in={row.order_reference for row in rows if row.pk in self.early}
        )
        ready = set(moved.values_list("reference", flat=True))
        early = [row for row in rows if row.pk in self.early and row.order_reference not in ready]
        refused = [row for row in rows if row.pk not in self.early]
        self._park(early, ReportAction.DEFER, dict.fromkeys(left, ""), waits_for=ReportKind.MADE)
        self._park(refused, ReportAction.REFUSE, left, waits_for="")

    def _park(self, rows, action, reasons, **columns):
        columns["next_try_at"] = self.at + RETRY_AFTER
        target = REPORT.moves[action].target
        first = [row for row in rows if row.status != target]
        own = {row.pk: Own({"error": reasons[row.pk]}) for row in first}
        engine.move_set(first, action, at=self.at, own=own, **columns, **AS_WORKER)
        again = {row.pk: reasons[row.pk] for row in rows if row.pk not in own}
        for reason in set(again.values()):
            pks = [pk for pk, why in again.items() if why == reason]
            BureauReport.objects.filter(pk__in=pks).update(error=reason, **columns)
        if rows:
            logger.info("%s reports put aside: %s", len(rows), action)


def _is_of_another_bureau(report, order):
    return report.file is not None and report.file.bureau not in ("", order.batch.bureau)


def _of_failure(report):
    return {"reason": report.failure}


def _of_dispatch(report):
    return {"columns": {"carrier": report.carrier, "tracking_number": report.tracking_number}}


def _locked_orders(references):
    """({reference: order}, the references of the orders that another transaction holds).

    The requests of the orders and their old cards are locked until the transaction ends. It does
    not wait for the lock of a request, because its owner may wait for a report that is locked here
    (a deadlock). Locked rows are read after locking, because another worker may just have changed
    them.
    """
    orders = ProductionOrder.objects.filter(reference__in=references)
    requests = _lock(CardRequest.objects.filter(pk__in=orders.values("card_request")), skip=True)
    replaced = CardRequest.objects.filter(pk__in=requests).values("old_card")
    _lock(Card.objects.filter(pk__in=replaced))
    whole = orders.select_related("card_request__card", "card_request__old_card")
    found = list(whole.prefetch_related("batch"))
    ours = set(requests)
    mine = {order.reference: order for order in found if order.card_request_id in ours}
    return mine, {order.reference for order in found} - mine.keys()


def _lock(rows, *, skip=False):
    """Lock the rows of a queryset, in the order of their keys. Returns the keys."""
    return list(locked(rows.order_by("pk"), skip=skip).values_list("pk", flat=True))
