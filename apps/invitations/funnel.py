"""How far people have come with their first card, from the invitation to the card in use.

Steps are derived when they are read, from statuses, invitations and sign-ins; none is stored. All
people are counted in one query, and the list of a step is the same query with a filter, so that a
figure agrees with the list that it leads to. Everybody stands at exactly one step.
"""

from dataclasses import dataclass

from django.db.models import (
    Case,
    Count,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    TextChoices,
    When,
)
from django.db.models import Value as V

from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.models import Card, CardRequest
from apps.delivery.models import Shipment
from apps.people import documents
from apps.people.models import Holder
from apps.roster.enums import InvitationStatus, RowKind, RowOutcome
from apps.roster.models import Invitation


class FunnelStep(TextChoices):
    """In order. The last three are beside the way: nobody comes through them."""

    ADDED = "ADDED", "未邀请"
    INVITED = "INVITED", "已邀请"
    SIGNED_IN = "SIGNED_IN", "已登录"
    DRAFT = "DRAFT", "填写中"
    HANDED_IN = "HANDED_IN", "已提交"
    UNPAID = "UNPAID", "待缴费"
    IN_REVIEW = "IN_REVIEW", "审核中"
    AMENDMENT = "AMENDMENT", "待修改"
    IN_PRODUCTION = "IN_PRODUCTION", "制卡中"
    SENT = "SENT", "已发出"
    RECEIVED = "RECEIVED", "已领取"
    ACTIVATED = "ACTIVATED", "已启用"
    REJECTED = "REJECTED", "审核不通过"
    ELSEWHERE = "ELSEWHERE", "已有社保卡"
    COUNTER = "COUNTER", "到窗口办理"

    @property
    def awaits_sign_in(self):
        """Whether an invitation would help."""
        return self in (FunnelStep.ADDED, FunnelStep.INVITED)

    @property
    def is_done(self):
        """Whether nothing is left to do for a first card."""
        return self in (FunnelStep.ACTIVATED, FunnelStep.ELSEWHERE, FunnelStep.COUNTER)

    @property
    def own_action(self):
        """What the person can do now; "" while others have to."""
        return _OWN_ACTIONS.get(self, "")

    @property
    def is_aside(self):
        return self in (FunnelStep.REJECTED, FunnelStep.ELSEWHERE, FunnelStep.COUNTER)


_OWN_ACTIONS = {
    FunnelStep.ADDED: "登录后开始申领；没有密码的，请人事处发邀请",
    FunnelStep.INVITED: "打开邀请短信，设置密码",
    FunnelStep.SIGNED_IN: "登录后开始申领",
    FunnelStep.DRAFT: "填完并提交",
    FunnelStep.HANDED_IN: "填收件信息",
    FunnelStep.UNPAID: "缴费",
    FunnelStep.AMENDMENT: "按要求修改",
    FunnelStep.SENT: "收到后确认领卡",
    FunnelStep.RECEIVED: "启用",
    FunnelStep.REJECTED: "看原因，重新申领",
}
# Step → what the people at that step wait for.
WAITS_FOR = {
    FunnelStep.ADDED: "邀请短信没有发出，也没有登录过",
    FunnelStep.INVITED: "等本人打开短信里的链接，设置密码",
    FunnelStep.SIGNED_IN: "等本人开始申领",
    FunnelStep.DRAFT: "等本人填完并提交",
    FunnelStep.HANDED_IN: "等本人填收件信息",
    FunnelStep.UNPAID: "等本人缴费",
    FunnelStep.IN_REVIEW: "等审核",
    FunnelStep.AMENDMENT: "等本人修改",
    FunnelStep.IN_PRODUCTION: "等制卡中心制卡、发出",
    FunnelStep.SENT: "等本人收到卡并确认",
    FunnelStep.RECEIVED: "等本人启用",
    FunnelStep.ACTIVATED: "已办完",
    FunnelStep.REJECTED: "等本人重新申领",
    FunnelStep.ELSEWHERE: "不用办",
    FunnelStep.COUNTER: "登记的证件不是居民身份证，不能网上申领",
}
_OF_REQUEST = {
    FunnelStep.UNPAID: (RequestStatus.SUBMITTED,),
    FunnelStep.IN_REVIEW: (RequestStatus.PAID, RequestStatus.ACCEPTED),
    FunnelStep.AMENDMENT: (RequestStatus.NEEDS_AMENDMENT,),
    FunnelStep.IN_PRODUCTION: (RequestStatus.APPROVED, RequestStatus.PRODUCED),
    FunnelStep.SENT: (RequestStatus.DISPATCHED,),
    FunnelStep.RECEIVED: (RequestStatus.COLLECTED,),
}


@dataclass(frozen=True)
class FunnelBar:
    """One step: how many came at least so far (None beside the way), how many stand there.

    `total` are all who are on the way.
    """

    step: FunnelStep
    reached: int | None
    standing: int
    total: int

    @property
    def waits_for(self):
        return WAITS_FOR[self.step]

    @property
    def percent(self):
        return round(100 * (self.reached or 0) / self.total) if self.total else 0


def new_people(upload):
    """The holders that `upload` has entered."""
    return Holder.objects.filter(
        roster_rows__upload=upload,
        roster_rows__kind=RowKind.CREATED,
        roster_rows__outcome=RowOutcome.APPLIED,
    )


def with_step(holders):
    """Annotates `step`, a `FunnelStep`, and `since`, the moment since which the request is so.

    Of several requests the last one counts: at most one is in flight. Withdrawn, lapsed and
    discarded ones have to be begun again. A card that was in use once is the end, whatever became
    of it: a replacement is another matter. Who has another document than the identity card begins
    nothing online.
    """
    last = CardRequest.objects.first_cards().filter(holder=OuterRef("pk")).order_by("-pk")
    in_use = Card.objects.filter(holder=OuterRef("pk")).exclude(status=CardStatus.SEALED)
    invited = Invitation.objects.filter(
        status__in=[InvitationStatus.SENT, InvitationStatus.ACCEPTED], user=OuterRef("user")
    )
    unaddressed = Q(last_status=RequestStatus.SUBMITTED) & ~Exists(
        Shipment.objects.filter(
            card_request__holder=OuterRef("pk"), card_request__status=RequestStatus.SUBMITTED
        )
    )
    return holders.annotate(
        last_status=Subquery(last.values("status")[:1]),
        since=Subquery(last.values("status_since")[:1]),
        step=Case(
            When(Exists(in_use), then=V(FunnelStep.ACTIVATED.value)),
            When(unaddressed, then=V(FunnelStep.HANDED_IN.value)),
            *(
                When(last_status__in=statuses, then=V(step.value))
                for step, statuses in _OF_REQUEST.items()
            ),
            When(documents.OF_NO_CITIZEN, then=V(FunnelStep.COUNTER.value)),
            When(last_status=RequestStatus.DRAFT, then=V(FunnelStep.DRAFT.value)),
            When(has_card_elsewhere=True, then=V(FunnelStep.ELSEWHERE.value)),
            When(last_status=RequestStatus.REJECTED, then=V(FunnelStep.REJECTED.value)),
            When(
                Q(user__last_login__isnull=False) | Q(last_status__isnull=False),
                then=V(FunnelStep.SIGNED_IN.value),
            ),
            When(Exists(invited), then=V(FunnelStep.INVITED.value)),
            default=V(FunnelStep.ADDED.value),
        ),
    )


def bars(people):
    """A `FunnelBar` for each step, in order; those beside the way only with people. One query."""
    counted = with_step(people).values("step").annotate(count=Count("pk")).order_by()
    standing = {row["step"]: row["count"] for row in counted}
    total = sum(standing.get(step, 0) for step in FunnelStep if not step.is_aside)
    found, ahead = [], total
    for step in FunnelStep:
        here = standing.get(step, 0)
        if step.is_aside and not here:
            continue
        found.append(FunnelBar(step, None if step.is_aside else ahead, here, total))
        ahead -= here
    return found


def standing_at(people, step):
    """Those of `people` who stand at `step`, with invitations and requests, newest first."""
    return (
        with_step(people)
        .filter(step=step)
        .select_related("user")
        .prefetch_related(
            Prefetch("user__invitations", queryset=Invitation.objects.order_by("-pk")),
            Prefetch("requests", queryset=CardRequest.objects.first_cards().order_by("-pk")),
        )
        .order_by("department", "user__employee_number", "pk")
    )
