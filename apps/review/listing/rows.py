"""What the list says of each request, in a fixed number of queries for all of them."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import OuterRef, Subquery

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.lifecycle import REQUEST
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.desk.claims.services import OPEN_REQUEST
from apps.desk.models import Assignment
from apps.events.models import Event
from apps.people.policies import near_keys
from apps.review import queue
from apps.verification.enums import Outcome
from apps.verification.models import Check

_CAME_BACK = {RequestAction.AMEND: "修改后重新提交", RequestAction.FAIL: "制卡失败退回"}


@dataclass(frozen=True)
class Row:
    """`may_hold` says whether the reader may claim, take over and release the request."""

    request: CardRequest
    badges: list[str] = field(default_factory=list)
    promise_date: date | None = None
    days_overdue: int = 0
    assignment: Assignment | None = None
    is_mine: bool = False
    may_hold: bool = False
    is_party: bool = False

    @property
    def name(self):
        return self.request.particulars.name or self.request.holder.name

    @property
    def department(self):
        """Of the person, or of the guardian who acts for a child."""
        holder = getattr(self.request.applicant, "holder", None)
        return holder.department if holder else ""


def with_columns(requests):
    """`requests` with what a row shows and nothing else: no encrypted column is read."""
    return requests.select_related(
        "particulars", "holder", "city", "bank", "applicant__holder"
    ).only(
        "reference",
        "kind",
        "replacement_reason",
        "status",
        "status_since",
        "city__name",
        "bank__name",
        "holder__name",
        "particulars__name",
        "particulars__guardian_id",
        "applicant__holder__department",
    )


def rows(requests, *, user, may_decide, at):
    """A `Row` for each of `requests`, a list of what `with_columns` read."""
    pks = [request.pk for request in requests]
    near = near_keys(requests, user)
    came_back = dict(
        Event.objects.of_kind(REQUEST)
        .filter(
            subject_id__in=pks,
            action__in=_CAME_BACK,
            at=Subquery(
                CardRequest.objects.filter(pk=OuterRef("subject_id")).values("status_since")
            ),
        )
        .values_list("subject_id", "action")
    )
    uncertain = set(
        Check.objects.filter(request__in=pks, outcome=Outcome.UNCERTAIN).values_list(
            "request", flat=True
        )
    )
    held = {
        assignment.request_id: assignment
        for assignment in Assignment.objects.live(at)
        .filter(request__in=pks)
        .select_related("by__holder")
        .defer("by__holder__id_number", "by__holder__phone", "by__holder__address")
    }
    return [
        _row(
            request,
            badges=_badges(request, came_back.get(request.pk), request.pk in uncertain),
            assignment=held.get(request.pk),
            is_party=request.pk in near,
            user=user,
            may_decide=may_decide,
            at=at,
        )
        for request in requests
    ]


def _badges(request, came_back, is_uncertain):
    found = ["监护人代办"] if request.particulars.guardian_id else []
    if came_back and request.status == RequestStatus.ACCEPTED:
        found.append(_CAME_BACK[came_back])
    if is_uncertain:
        found.append("核验待判断")
    return found


def _row(request, *, badges, assignment, is_party, user, may_decide, at):
    is_open = request.status in OPEN_REQUEST
    promise_date = None
    if request.status == RequestStatus.ACCEPTED:
        promise_date = queue.promise_date(request.status_since)
    return Row(
        request=request,
        badges=badges,
        promise_date=promise_date,
        days_overdue=max((day_of(at) - promise_date).days, 0) if promise_date else 0,
        assignment=assignment if is_open else None,
        is_mine=assignment is not None and assignment.by_id == user.pk,
        may_hold=may_decide and is_open and not is_party,
        is_party=is_party,
    )
