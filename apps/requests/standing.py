"""Who has to act on a request now, what is expected, and by which day.

Read from the request at the moment of asking; nothing here is stored.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.conf import settings

from apps.cards.enums import CardStatus, RequestStatus
from apps.common.moments import day_of
from apps.common.working_days import add_working_days
from apps.requests.models import Amendment
from apps.requests.promises import STAGE_OF_STATUS, StageTime, paces, promised


class Actor(StrEnum):
    """Who has the ball."""

    APPLICANT = "applicant"
    REVIEWER = "reviewer"
    BUREAU = "bureau"
    SYSTEM = "system"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Standing:
    """Who has to act now, what is expected, by which day, and how long this stage takes."""

    actor: Actor
    title: str
    text: str
    due_date: date | None = None
    stage_time: StageTime | None = None

    def is_overdue(self, at):
        return self.due_date is not None and day_of(at) > self.due_date

    def overdue_days(self, at):
        """Calendar days since the last day in time; 0 while it is not overdue."""
        day = day_of(at)
        return (day - self.due_date).days if self.due_date and day > self.due_date else 0


def standings(requests, *, shipments, at):
    """Request pk → `Standing`, for many requests in two queries.

    `shipments`: request pk → where its card goes, None before that is filled in. Select `rule` and
    `card` along.
    """
    open_amendments = Amendment.objects.filter(
        request__in=[request.pk for request in requests], answered_at=None
    )
    amendments = {amendment.request_id: amendment for amendment in open_amendments}
    found = paces(requests)
    return {
        request.pk: standing(
            request,
            shipment=shipments[request.pk],
            at=at,
            amendment=amendments.get(request.pk),
            pace=found[request.pk],
        )
        for request in requests
    }


def standing(request, *, shipment, at, amendment=None, pace=None):
    """Who has to act on `request` now.

    `shipment` is where the card goes, None before that is filled in; `amendment` is the open one,
    when there is one; `pace` is that of `promises.paces`, without which the promises count. Select
    `rule` and `card` along.
    """
    stage = STAGE_OF_STATUS.get(RequestStatus(request.status))
    if stage is not None:
        time = (pace or promised(request.rule))[stage]
        return _under_way(request, shipment, time, at=at)
    match RequestStatus(request.status):
        case RequestStatus.DRAFT:
            return Standing(Actor.APPLICANT, "请继续填写申请", "已填的内容都保存着，可随时接着填。")
        case RequestStatus.SUBMITTED:
            return _unpaid(request, shipment)
        case RequestStatus.PAID:
            since = day_of(request.status_since)
            return Standing(
                Actor.SYSTEM,
                "正在受理，您不用做什么。",
                "一般几秒钟内完成。",
                since + timedelta(days=1),
            )
        case RequestStatus.NEEDS_AMENDMENT:
            return Standing(
                Actor.APPLICANT,
                "请修改审核老师指出的内容",
                "修改提交后会重新受理，不用再缴费。",
                amendment.due_date if amendment else None,
            )
        case RequestStatus.COLLECTED:
            return _collected(request)
        case RequestStatus.REJECTED:
            text = _old_card_stays(request) or "原因见下面的进度。"
            return Standing(Actor.NOBODY, "审核没有通过，这件申请已结束。", text)
        case RequestStatus.LAPSED:
            text = _old_card_stays(request) or "需要办卡时请重新申请。"
            return Standing(Actor.NOBODY, "逾期未缴费，这件申请已失效。", text)
        case RequestStatus.WITHDRAWN:
            text = _old_card_stays(request) or "需要办卡时可以重新申请。"
            return Standing(Actor.NOBODY, "您已撤销这件申请。", text)
    raise ValueError(f"no standing for {request.status}")


def _unpaid(request, shipment):
    if shipment is None:
        title = "请填写收件信息并支付邮寄费"
    elif shipment.postage_fen:
        title = "请支付邮寄费"
    elif request.is_replacement and request.rule.card_fee_fen:
        title = "请支付工本费"
    else:
        title = "请确认网点自取"
    return Standing(
        Actor.APPLICANT,
        title,
        "逾期未支付，申请会自动失效，需要重新提交。",
        day_of(request.status_since + settings.UNPAID_LAPSE),
    )


# The stages under way, by status: who has the ball; what is said in time, and once it is overdue.
_UNDER_WAY = {
    RequestStatus.ACCEPTED: (
        Actor.REVIEWER,
        "现在由人事处审核，您不用做什么。",
        "人事处审核已超期",
        "审核有结果时我们会主动通知您。",
    ),
    RequestStatus.APPROVED: (
        Actor.BUREAU,
        "审核已通过，由制卡中心制作，您不用做什么。",
        "制卡中心制作已超期",
        "制好后我们会主动通知您。",
    ),
    RequestStatus.PRODUCED: (
        Actor.BUREAU,
        "卡已制好，等待制卡中心发出，您不用做什么。",
        "卡已制好，制卡中心发出已超期",
        "发出后我们会通知您运单号。",
    ),
    RequestStatus.DISPATCHED: (
        Actor.APPLICANT,
        "卡已发出，收到后请确认领卡",
        "卡已发出，还没有确认领卡",
        "确认后即可启用社保卡。",
    ),
}
_FETCHED = {
    RequestStatus.PRODUCED: "送到网点后我们会通知您。",
    RequestStatus.DISPATCHED: "请带身份证到网点领取，领到后即可启用社保卡。",
}


def _under_way(request, shipment, time, *, at):
    actor, title, late_title, text = _UNDER_WAY[RequestStatus(request.status)]
    if shipment is not None and shipment.is_pickup:
        text = _FETCHED.get(RequestStatus(request.status), text)
        if request.status == RequestStatus.DISPATCHED:
            title = "卡已送往网点，领到后请确认领卡"
    due = add_working_days(day_of(request.status_since), time.limit_days)
    return Standing(actor, late_title if day_of(at) > due else title, text, due, time)


def _collected(request):
    if request.card is not None and request.card.status == CardStatus.SEALED:
        return Standing(Actor.APPLICANT, "卡已领取，请启用社保卡", "社保卡启用后才能用于就医结算。")
    return Standing(Actor.NOBODY, "卡已领取，办理完成。", "")


def _old_card_stays(request):
    """What can be done after a replacement that came to nothing; empty for a first card."""
    if not request.is_replacement:
        return ""
    return "旧卡仍是正式挂失：可以重新申请补换；卡又找到了，请到人事处社保窗口申请撤销正式挂失。"
