"""Applying the stored reports of the bureau: two thousand at a time, each once and in its order.

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
from apps.bureau.reading import (
    COLUMNS_OF_LINE,
    LockedOrder,
    StoredReport,
    line_of,
    lock,
    locked_orders,
)
from apps.bureau.standing import ReportVerdict, judge
from apps.cards.enums import CardAction, RequestAction
from apps.cards.models import Card, CardRequest
from apps.common.refusals import Refused
from apps.encryption.fields import blind_indexes
from apps.events.enums import AS_WORKER
from apps.lifecycle import engine
from apps.lifecycle.sweep import move_all
from apps.lifecycle.values import Copies
from apps.lifecycle.writing import Own, locked
from apps.queries.arrays import among

logger = logging.getLogger(__name__)

UNKNOWN_ORDER = "没有这个制卡单号。"
OTHER_BUREAU = "这个制卡单不是送给这家制卡中心的。"
NUMBER_TAKEN = "这个社保卡号已经登记在另一张卡上。"
NOT_TAKEN = "数据库拒绝了这一行，请核对卡号。"
_UNKNOWN = Refused(UNKNOWN_ORDER, code="unknown_order")
_BUSY = Refused("", code="busy")
_EARLY = Refused("", code="early")


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
        self.acts: dict[int, tuple[LockedOrder, StoredReport]] = {}
        self.index_of: dict[str, str] = {}
        self.early: set[int] = set()
        self.busy: set[int] = set()

    def run(self, reports, *, limit, deadline=None):
        """Apply those of the queryset `reports` that can be applied. Returns how many."""
        return move_all(
            reports,
            ReportAction.APPLY,
            at=self.at,
            reads=COLUMNS_OF_LINE,
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

    def judge(self, rows):
        """The `each` of `move_all` for locked reports: {pk: why not} of those that stay."""
        self.acts = {}
        lines = [line_of(row) for row in rows]
        found = {line.pk for line in lines}
        self.busy -= found
        self.early -= found
        orders, busy = locked_orders({line.order_reference for line in lines})
        taken = self._numbers_taken({line.card_number for line in lines if line.card_number})
        refused: dict[int, Refused] = {}
        of_order: dict[str, list[StoredReport]] = {}
        for line in lines:
            of_order.setdefault(line.order_reference, []).append(line)
        for reference, own in of_order.items():
            if reference in orders:
                self._judge_order(orders[reference], own, taken, refused)
            elif reference in busy:
                self.busy |= {line.pk for line in own}
                refused |= {line.pk: _BUSY for line in own}
            else:
                refused |= {line.pk: _UNKNOWN for line in own}
        return refused

    def _numbers_taken(self, numbers):
        """Those of `numbers` that cards have. Keeps the index of each, for the new cards."""
        indexes_of = {number: blind_indexes(number) for number in numbers}
        self.index_of = {number: found[0] for number, found in indexes_of.items()}
        known = Card.objects.indexes_taken([one for found in indexes_of.values() for one in found])
        return {number for number, found in indexes_of.items() if not known.isdisjoint(found)}

    def _judge_order(self, order, lines, taken, refused):
        """Judge all reports on one order, each after the earlier ones, and add to `refused`.

        `taken` are the card numbers that exist; those of this order are added.
        """
        now, waiting = order.now, lines
        while waiting:
            early = []
            for line in waiting:
                verdict, why_not, after = judge(now, line)
                if line.bureau not in ("", order.bureau):
                    refused[line.pk] = Refused(OTHER_BUREAU, code="other_bureau")
                elif verdict == ReportVerdict.EARLY:
                    early.append(line)
                elif verdict == ReportVerdict.REFUSED:
                    refused[line.pk] = Refused(why_not, code="contradicts")
                elif verdict == ReportVerdict.APPLIES and line.card_number in taken:
                    refused[line.pk] = Refused(NUMBER_TAKEN, code="number_taken")
                else:
                    now = after
                    if verdict == ReportVerdict.APPLIES:
                        self.acts[line.pk] = (order, line)
                        if line.card_number:
                            taken.add(line.card_number)
            if len(early) == len(waiting):
                break
            waiting = early
        self.early.update([line.pk for line in waiting])
        refused |= {line.pk: _EARLY for line in waiting}

    # --- Acting -----------------------------------------------------------------------------------

    def act(self, pks):
        """Apply the moved reports `pks` to their orders, in the transaction of their move."""
        acts = [self.acts[pk] for pk in pks if pk in self.acts]
        of_kind = {kind: [one for one in acts if one[1].kind == kind] for kind in ReportKind}
        try:
            with transaction.atomic():
                self._make(of_kind[ReportKind.MADE])
                failed, sent = of_kind[ReportKind.FAILED], of_kind[ReportKind.SENT]
                self._move(failed, RequestAction.FAIL, event={"reason": "failure"})
                told = {"carrier": "carrier", "tracking_number": "tracking_number"}
                self._move(sent, RequestAction.DISPATCH, columns=told)
        except IntegrityError as error:
            raise Refused(NOT_TAKEN, code="not_taken") from error
        waiting = BureauReport.objects.open().filter(
            among("order_reference", {order.reference for order, _ in acts})
        )
        if woken := lock(waiting, skip=True):
            BureauReport.objects.filter(among("pk", woken)).update(next_try_at=self.at)

    def _make(self, acts):
        """Retire the cards that are replaced, and issue the new ones."""
        if not acts:
            return
        old = [order.old_card for order, _ in acts if order.old_card is not None]
        engine.move_keys(
            Card, old, CardAction.RETIRE, at=self.at, reason="挂失后注销，新卡已制成", **AS_WORKER
        )
        cards = engine.begin_rows(
            Card,
            {
                "holder": [order.holder for order, _ in acts],
                "city": [order.city for order, _ in acts],
                "bank": [order.bank for order, _ in acts],
                "replaces": [order.old_card for order, _ in acts],
                "card_number": [line.sealed_number for _, line in acts],
                "card_number_index": [self.index_of[line.card_number] for _, line in acts],
            },
            CardAction.ISSUE,
            at=self.at,
            copies=_of_reports(acts),
            **AS_WORKER,
        )
        self._move(acts, RequestAction.PRODUCE, lists={"card": cards})

    def _move(self, acts, action, *, columns=None, event=None, lists=None):
        """Move the requests of `acts`, with what the database copies from their reports."""
        requests = [order.request for order, _ in acts]
        copies = _of_reports(acts, columns=columns, event=event)
        engine.move_keys(
            CardRequest, requests, action, at=self.at, lists=lists, copies=copies, **AS_WORKER
        )

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


def _of_reports(acts, *, columns=None, event=None):
    """What the database copies from the reports of `acts`: when it was done, and what is given."""
    event = {"due_at": "reported_at"} | (event or {})
    return Copies(BureauReport, [line.pk for _, line in acts], columns or {}, event)
