"""How far the new people of one roster have come, from the invitation to the card in use.

A person is at the furthest step that was reached and not lost again: a request that was sent back
for an amendment is paid, and not approved. All people are counted in one query.
"""

from dataclasses import dataclass

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerChoices,
    IntegerField,
    Max,
    OuterRef,
    Prefetch,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.models import Card, CardRequest
from apps.people.models import Holder
from apps.roster.enums import InvitationStatus, RowKind, RowOutcome
from apps.roster.models import Invitation


class FunnelStep(IntegerChoices):
    ADDED = 0, "新增"
    INVITED = 1, "已邀请"
    SIGNED_IN = 2, "已登录"
    STARTED = 3, "已开始申领"
    SUBMITTED = 4, "已提交"
    PAID = 5, "已缴费"
    APPROVED = 6, "审核通过"
    PRODUCED = 7, "制卡成功"
    COLLECTED = 8, "已领取"
    ACTIVATED = 9, "已启用"

    @property
    def awaits_sign_in(self):
        """Whether an invitation would help."""
        return self in (FunnelStep.ADDED, FunnelStep.INVITED)


# Step → what the people at that step wait for.
WAITS_FOR = {
    FunnelStep.ADDED: "邀请短信还没有发出",
    FunnelStep.INVITED: "等本人打开短信里的链接，设置密码",
    FunnelStep.SIGNED_IN: "等本人开始申领",
    FunnelStep.STARTED: "等本人填完并提交，或重新申领",
    FunnelStep.SUBMITTED: "等本人缴费",
    FunnelStep.PAID: "等审核，或等本人修改",
    FunnelStep.APPROVED: "等制卡中心制卡",
    FunnelStep.PRODUCED: "等发出和本人领取",
    FunnelStep.COLLECTED: "等本人启用",
    FunnelStep.ACTIVATED: "已办完",
}
_OF_REQUEST = {
    # Withdrawn and lapsed requests have to be begun again, with the values that were typed before.
    FunnelStep.STARTED: [
        RequestStatus.DRAFT,
        RequestStatus.DISCARDED,
        RequestStatus.WITHDRAWN,
        RequestStatus.LAPSED,
    ],
    FunnelStep.SUBMITTED: [RequestStatus.SUBMITTED],
    FunnelStep.PAID: [
        RequestStatus.PAID,
        RequestStatus.ACCEPTED,
        RequestStatus.NEEDS_AMENDMENT,
        RequestStatus.REJECTED,
    ],
    FunnelStep.APPROVED: [RequestStatus.APPROVED],
    FunnelStep.PRODUCED: [RequestStatus.PRODUCED, RequestStatus.DISPATCHED],
    FunnelStep.COLLECTED: [RequestStatus.COLLECTED],
}


@dataclass(frozen=True)
class FunnelBar:
    """One step: how many came at least so far, and how many stand there."""

    step: FunnelStep
    reached: int
    standing: int
    total: int

    @property
    def waits_for(self):
        return WAITS_FOR[self.step]

    @property
    def percent(self):
        return round(100 * self.reached / self.total) if self.total else 0


def new_people(upload):
    """The holders that `upload` has entered, each with the `step` they stand at."""
    furthest = (
        CardRequest.objects.filter(holder=OuterRef("pk"))
        .values("holder")
        .annotate(
            furthest=Max(
                Case(
                    *(
                        When(status__in=statuses, then=Value(step.value))
                        for step, statuses in _OF_REQUEST.items()
                    ),
                    output_field=IntegerField(),
                )
            )
        )
        .values("furthest")
    )
    activated = Card.objects.filter(holder=OuterRef("pk")).exclude(status=CardStatus.SEALED)
    invited = Invitation.objects.filter(
        status__in=[InvitationStatus.SENT, InvitationStatus.ACCEPTED], user=OuterRef("user")
    )
    return (
        Holder.objects.filter(
            roster_rows__upload=upload,
            roster_rows__kind=RowKind.CREATED,
            roster_rows__outcome=RowOutcome.APPLIED,
        )
        .annotate(of_request=Coalesce(Subquery(furthest), 0))
        .annotate(
            step=Case(
                When(Exists(activated), then=Value(FunnelStep.ACTIVATED.value)),
                When(of_request__gt=0, then="of_request"),
                When(user__last_login__isnull=False, then=Value(FunnelStep.SIGNED_IN.value)),
                When(Exists(invited), then=Value(FunnelStep.INVITED.value)),
                default=Value(FunnelStep.ADDED.value),
                output_field=IntegerField(),
            )
        )
    )


def bars(upload):
    """A `FunnelBar` for each step, in order."""
    counted = new_people(upload).values("step").annotate(count=Count("pk")).order_by()
    standing = {row["step"]: row["count"] for row in counted}
    total = sum(standing.values())
    return [
        FunnelBar(
            step=step,
            reached=sum(count for at, count in standing.items() if at >= step),
            standing=standing.get(step, 0),
            total=total,
        )
        for step in FunnelStep
    ]


def standing_at(upload, step):
    """The people who stand at `step`, with their invitations and requests, newest first."""
    return (
        new_people(upload)
        .filter(step=step)
        .select_related("user")
        .prefetch_related(
            Prefetch("user__invitations", queryset=Invitation.objects.order_by("-pk")),
            Prefetch("requests", queryset=CardRequest.objects.order_by("-pk")),
        )
        .order_by("user__employee_number")
    )
