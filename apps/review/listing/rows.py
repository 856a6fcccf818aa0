"""The rows of the list of requests, with a fixed number of queries for all of them."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import OuterRef, Subquery

from apps.cards.enums import RequestAction
from apps.cards.lifecycle import REQUEST
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.desk.claims.offers import Hold, holds_of
from apps.events.models import Event
from apps.review import queue
from apps.verification.enums import CheckOutcome
from apps.verification.models import Check

_CAME_BACK = {RequestAction.AMEND: "修改后重新提交", RequestAction.FAIL: "制卡失败退回"}


@dataclass(frozen=True)
class QueueRow:
    """One request; `hold` is its `Hold` for the reader."""

    card_request: CardRequest
    hold: Hold
    badges: list[str] = field(default_factory=list)
    promise_date: date | None = None
    days_overdue: int = 0

    @property
    def name(self):
        return self.card_request.particulars.name or self.card_request.holder.name

    @property
    def department(self):
        """The department of the person, or of the guardian who acts for a child."""
        holder = getattr(self.card_request.applicant, "holder", None)
        return holder.department if holder else ""


def with_columns(requests):
    """`requests` with only the columns that a row shows: no encrypted column is read."""
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
        "holder__user_id",
        "holder__birth_date",
        "applicant__holder__department",
    )


def rows(requests, *, user, at):
    """A `QueueRow` for each of `requests`, a list of what `with_columns` read."""
    pks = [card_request.pk for card_request in requests]
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
        Check.objects.filter(card_request__in=pks, outcome=CheckOutcome.UNCERTAIN).values_list(
            "card_request", flat=True
        )
    )
    return [
        _row(
            card_request,
            hold,
            badges=_badges(
                card_request,
                came_back.get(card_request.pk),
                is_uncertain=card_request.pk in uncertain,
                at=at,
            ),
            at=at,
        )
        for card_request, hold in zip(requests, holds_of(requests, by=user, at=at), strict=True)
    ]


def _badges(card_request, came_back, *, is_uncertain, at):
    handling = card_request.handling_at(at)
    found = [handling.label] if handling.is_by_guardian else []
    if handling.is_handed_over and card_request.holder.user_id is None:
        found.append("本人没有账户")
    if came_back and queue.is_waiting(card_request):
        found.append(_CAME_BACK[came_back])
    if is_uncertain:
        found.append("核验待判断")
    return found


def _row(card_request, hold, *, badges, at):
    promise_date = queue.promise_of(card_request)
    return QueueRow(
        card_request=card_request,
        hold=hold,
        badges=badges,
        promise_date=promise_date,
        days_overdue=max((day_of(at) - promise_date).days, 0) if promise_date else 0,
    )
