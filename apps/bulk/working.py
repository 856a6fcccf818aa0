"""Decides the rows of bulk runs that were started, each chunk of rows in one transaction.

The rows are the queue. A worker leases a run, locks some of its rows, decides on their requests
together (`move_all`), and writes the outcome of each row, all in one transaction. So a worker may
be killed at any moment, and no row is decided twice or forgotten.
"""

import logging
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction

from apps.bulk import checks
from apps.bulk.enums import BulkAction, BulkOutcome, RunAction
from apps.bulk.models import BulkRow, BulkRun
from apps.cards.enums import RequestAction
from apps.cards.models import CardRequest
from apps.cards.permissions import MayNotReview, check_is_reviewer
from apps.common import leases
from apps.common.refusals import Refused
from apps.desk.claims import services as claims
from apps.events.enums import AS_WORKER, Channel, Role
from apps.events.models import Event
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed
from apps.lifecycle.sweep import move_all
from apps.lifecycle.writing import Own
from apps.people.models import User
from apps.recall import services as recalling
from apps.recall.policies import decisions_of, recall_action, why_not_recallable
from apps.requests import amendments
from apps.requests.particulars import reasons_of
from apps.requests.promises import reviews_began
from apps.review import services as review

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)  # for one chunk of rows
_BROKEN = "系统没能办理这一件，请单独打开办理。"


def work_off(*, at, limit):
    """Decide, or take back, up to `limit` rows of the runs under way, the oldest first.

    Returns how many rows were tried; 0 says that there is nothing left to do.
    """
    tried = 0
    free = BulkRun.objects.under_way().filter(leases.free(at, length=LEASE))
    for run in free.select_related("by"):
        if not leases.take(run, until=at + LEASE):
            continue
        try:
            tried += _work(run, at=at, limit=limit - tried)
            _end(run, at=at)
        finally:
            leases.release(run)
        if tried >= limit:
            break
    return tried


def _end(run, *, at):
    """Finish the run if no row waits any more and nobody has stopped it."""
    if run.rows.filter(outcome=run.pending).exists():
        return
    action = RunAction.FINISH_RECALL if run.is_recalling else RunAction.FINISH
    try:
        engine.move(run, action, at=at, **AS_WORKER)
    except NotAllowed:
        logger.info("%s was stopped", run)


@transaction.atomic
def _work(run, *, at, limit):
    """One chunk of rows. Returns how many were tried."""
    job = _Recall.of(run, at) if run.is_recalling else _Decision.of(run, at)
    rows = (
        BulkRow.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(run=run, outcome=job.pending)
        .order_by("pk")[:limit]
    )
    job.rows = {row.card_request_id: row for row in rows}
    if not job.rows:
        return 0
    chosen = CardRequest.objects.filter(pk__in=list(job.rows)).select_related(*checks.RELATED)
    left: dict[int, str] = {}
    for action, pks in job.parts():
        sweep = move_all(
            chosen.filter(pk__in=pks).order_by("pk"),
            action,
            by=job.by,
            role=Role.REVIEWER,
            at=at,
            channel=Channel.ADMIN,
            reason=job.reason,
            each=job.each,
            then=job.then,
            keeps_setbacks=False,
        )
        left |= sweep.left
    still = run.rows.filter(outcome=job.pending, card_request__in=list(job.rows))
    untouched = [pk for pk in still.values_list("card_request", flat=True) if pk not in left]
    # These have left the source status, or others hold them: then the next round takes them.
    left |= {pk: why.message for pk, why in job.why_not(chosen.filter(pk__in=untouched)).items()}
    for reason in set(left.values()):
        pks = [pk for pk, why in left.items() if why == reason]
        still.filter(card_request__in=pks).update(outcome=job.failed, reason=reason[:300])
    return len(job.rows)


@dataclass
class _Job(ABC):
    """What is done to the requests of a run, and the outcome of its rows before and after it."""

    run: BulkRun
    by: User
    at: datetime
    action: RequestAction
    pending: BulkOutcome
    done: BulkOutcome
    failed: BulkOutcome
    reason: str = ""
    what: dict = field(default_factory=dict)
    rows: dict[int, BulkRow] = field(default_factory=dict)

    @abstractmethod
    def seen_since(self, row):
        """Since when the request rested in its status when somebody decided about it."""

    def parts(self):
        """[(action, keys of the requests)]: what is to be moved how."""
        return [(self.action, list(self.rows))]

    @abstractmethod
    def obstacles(self, found):
        """{pk: `Refused`} for those of the unchanged requests `found` that cannot go."""

    @abstractmethod
    def settle(self, pks):
        """What else is written with the move of the requests `pks`."""

    def each(self, found):
        """The `each` of `move_all`, for the locked requests."""
        with _broken_in_words():
            refused = self.why_not(found)
        own = self.own(found)
        return {pk: refused.get(pk, own.get(pk, Own())) for pk in (row.pk for row in found)}

    def own(self, found):
        """{pk: `Own`} for those of the locked requests `found` that differ from the others."""
        return {}

    def then(self, pks):
        """Write what goes with the move of the requests `pks`, and the outcome of their rows."""
        with _broken_in_words():
            self.settle(pks)
        rows = self.run.rows.filter(card_request__in=pks)
        values = {"decided_at": self.at} if self.done == BulkOutcome.DONE else {}
        rows.update(outcome=self.done, reason="", **values)

    def why_not(self, found):
        """{pk: `Refused`} for those of the requests `found` that cannot go."""
        found = list(found)
        try:
            check_is_reviewer(self.by)
        except MayNotReview as refusal:
            return {card_request.pk: refusal for card_request in found}
        refused = {}
        for card_request in found:
            since = self.seen_since(self.rows[card_request.pk])
            if card_request.status_since != since:
                why = review.why_changed(card_request=card_request)
                refused[card_request.pk] = Refused(why.in_list, code=why.code)
        rest = [card_request for card_request in found if card_request.pk not in refused]
        return refused | self.obstacles(rest)


class _Decision(_Job):
    @classmethod
    def of(cls, run, at):
        job = cls(
            run,
            run.by,
            at,
            RequestAction(run.action),
            run.pending,
            BulkOutcome.DONE,
            BulkOutcome.FAILED,
        )
        job.what = _arguments(run)
        items = job.what.get("items")
        job.reason = reasons_of(items) if items else job.what.get("reason", "")
        return job

    def seen_since(self, row):
        return row.seen_since

    def obstacles(self, found):
        reasons = checks.why_not(found, action=self.action, what=self.what, by=self.by, at=self.at)
        return {pk: Refused(why, code="not_in_bulk") for pk, why in reasons.items()}

    def settle(self, pks):
        claims.end(requests=pks)
        if self.run.action == BulkAction.REQUEST_AMENDMENT:
            amendments.ask(requests=pks, **self.what, by=self.by, at=self.at)
        elif self.run.action == BulkAction.REJECT:
            amendments.close(requests=pks, by=self.by, at=self.at)


@dataclass
class _Recall(_Job):
    decisions: dict[int, Event] = field(default_factory=dict)

    @classmethod
    def of(cls, run, at):
        asked = run.events.filter(action=RunAction.RECALL).select_related("by").last()
        return cls(
            run,
            asked.by,
            at,
            RequestAction.RECALL,
            run.pending,
            BulkOutcome.RECALLED,
            BulkOutcome.KEPT,
        )

    def seen_since(self, row):
        return row.decided_at

    def parts(self):
        # The rows are not locked yet. Those that move until then are refused: `seen_since`.
        self.decisions = decisions_of(CardRequest.objects.filter(pk__in=list(self.rows)))
        found: dict[RequestAction, list[int]] = {self.action: list(self.rows)}
        for pk, decision in self.decisions.items():
            action = recall_action(decision)
            if action != self.action:
                found[self.action].remove(pk)
                found.setdefault(action, []).append(pk)
        return list(found.items())

    def obstacles(self, found):
        recalling.lock_old_cards(requests=found)
        return why_not_recallable(found, by=self.by, at=self.at, decisions=self.decisions)

    def own(self, found):
        began = reviews_began(found)
        return {
            row.pk: Own(columns={"review_since": began[row.pk]})
            for row in found
            if row.pk in self.decisions
            and recall_action(self.decisions[row.pk]) == RequestAction.RECALL
        }

    def settle(self, pks):
        decisions = {pk: self.decisions[pk] for pk in pks}
        recalling.restore(decisions=decisions, by=self.by, at=self.at)


class _broken_in_words:
    """Turns an error in the work on some rows into a `Refused` that a reviewer may read."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        away = (Refused, OperationalError, InterfaceError)
        if isinstance(error, Exception) and not isinstance(error, away):
            logger.error("bulk rows not decided", exc_info=error)
            raise Refused(_BROKEN, code="broken") from error


def _arguments(run):
    """The arguments of the service, restored from JSON."""
    what = dict(run.decision)
    if "due_date" in what:
        what["due_date"] = date.fromisoformat(what["due_date"])
    return what
