"""How many there are of each kind of work, and since when, read with one statement for all kinds.

Here are the kinds of which a page needs nothing else. What reviewers divide among themselves is
grouped in `counts`.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import SimpleNamespace

from django.db.models import Count, DateField, DateTimeField, Min, Value

from apps.bureau import batches as at_bureau
from apps.bureau.enums import ReportStatus
from apps.bureau.models import BureauReport, ProductionBatch, ProductionOrder, QuarantinedLine
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.desk.models.claim import latest_end
from apps.desk.referrals.live import referred_to
from apps.inquiries.models import Inquiry
from apps.my_data.models import Correction
from apps.payments.models import Discrepancy, Payment, sum_of_discrepancies, sum_of_rests
from apps.payments.models.payments import REFUND_PATIENCE
from apps.people.models import User
from apps.person_changes.models import PersonChange
from apps.queries.prepared import PreparedQuery
from apps.review import queue


@dataclass(frozen=True)
class Number:
    count: int = 0
    oldest_at: datetime | None = None
    fen: int = 0


def _referred(of):
    return referred_to(
        queue.waiting(),
        account=of.account,
        now=of.now,
        claim_end=of.claim_end,
        today=of.today,
    )


def _person_changes(of):
    return PersonChange.objects.waiting(at=of.now).exclude(proposed_by=of.account)


# {kind: (its rows for the values `of` one reader and moment, the column since when)}
_KINDS = {
    "referred": (_referred, "waits_since"),
    "asked": (lambda of: Inquiry.objects.open(), "asked_at"),
    "late": (lambda of: queue.late(CardRequest.objects.all()), "waits_since"),
    "refunds": (lambda of: Payment.objects.refunds_stuck_since(of.stuck_since), "owed_since"),
    "discrepancies": (lambda of: Discrepancy.objects.open(), "found_at"),
    "corrections": (lambda of: Correction.objects.open(), "asked_at"),
    "person_changes": (_person_changes, "proposed_at"),
    "untold": (lambda of: at_bureau.untold(), "card_request__shipment__saved_at"),
    "on_hold": (lambda of: ProductionOrder.objects.held(), "status_since"),
    "unsent": (lambda of: ProductionBatch.objects.to_submit().exclude(last_error=""), "created_at"),
    "unapplied": (
        lambda of: BureauReport.objects.filter(status=ReportStatus.REFUSED),
        "received_at",
    ),
    "aside": (lambda of: QuarantinedLine.objects.open(), "received_at"),
}
_MONEY = {"refunds": sum_of_rests, "discrepancies": sum_of_discrepancies}
OF_READERS = ("referred", "asked", "late", "refunds", "discrepancies")
OF_THE_ROSTER = ("corrections", "person_changes")
OF_THE_BUREAU = ("untold", "on_hold", "unsent", "unapplied", "aside")


def read(kinds, *, by, at):
    """{kind: its `Number`} of `kinds`, a tuple of the names above, for `by` at the moment `at`."""
    found = {kind: Number(*number) for kind, *number in asks(kinds, by=by, at=at).read()}
    return {kind: found.get(kind, Number()) for kind in kinds}


def asks(kinds, *, by, at):
    """What `read` asks for, to be read together with others."""
    return _statement(kinds).asks(
        account=by.pk,
        now=at,
        claim_end=latest_end(at),
        today=day_of(at),
        stuck_since=at - REFUND_PATIENCE,
    )


@cache
def _statement(kinds):
    def make(**values):
        of = SimpleNamespace(**values)
        first, *others = (_number(kind, of) for kind in kinds)
        return first.union(*others, all=True)

    return PreparedQuery(
        make,
        account=User,
        now=DateTimeField(),
        claim_end=DateTimeField(),
        today=DateField(),
        stuck_since=DateTimeField(),
    )


def _number(kind, of):
    rows, since = _KINDS[kind]
    fen = _MONEY[kind]() if kind in _MONEY else Value(0)
    grouped = rows(of).order_by().annotate(work_kind=Value(kind)).values("work_kind")
    return grouped.annotate(number=Count("pk"), oldest_at=Min(since), fen=fen).values_list(
        "work_kind", "number", "oldest_at", "fen"
    )
