"""Who has to act on a request now, by when, and what is said once that day has passed.

Everything is computed from the request and its events when it is needed; nothing is stored.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from apps.cards.enums import CardStatus, RequestStatus
from apps.common.moments import day_of
from apps.common.rules import rule_text
from apps.common.templatetags.formats import end_of_day
from apps.common.working_days import read_once
from apps.requests.models import Amendment
from apps.requests.policies import last_day_to_confirm, last_day_to_pay
from apps.requests.promises import STAGE_OF_STATUS, StageTime, due_date, promised, running_times
from apps.requests.services import why_not_submittable
from apps.waiting.status_words import (
    ACT,
    BY_ITSELF,
    DELIVERED,
    MADE,
    REVIEWED,
    USUALLY_MADE,
    Actor,
    DueDateWords,
)


@dataclass(frozen=True)
class RequestStanding:
    """Who has to act on the day `today`, on what, by which day, and how long this stage takes.

    `by_itself` says what happens, and when, if nobody acts. `asked` are the names of the fields
    that the reviewer wants changed. `appointment` are the hours and the place, where the applicant
    is to come on the due date and not by its end. `is_stopped`: it is a draft that cannot be
    submitted now, and `text` says why.
    """

    actor: Actor
    title: str
    text: str
    today: date
    due_date: date | None = None
    deadline: DueDateWords = ACT
    stage_time: StageTime | None = None
    by_itself: str = ""
    asked: tuple[str, ...] = ()
    appointment: str = ""
    is_stopped: bool = False

    @property
    def days_left(self):
        """Calendar days until the due date, 0 on its day and after it; None without one."""
        return max((self.due_date - self.today).days, 0) if self.due_date else None

    @property
    def overdue_days(self):
        """Calendar days since the last day in time; 0 while it is not overdue."""
        return max((self.today - self.due_date).days, 0) if self.due_date else 0

    @property
    def is_overdue(self):
        return self.overdue_days > 0

    @property
    def waits_for_applicant(self):
        return self.actor is Actor.APPLICANT

    @property
    def by_when(self):
        """The due date as a sentence without its full stop; "" if none is announced."""
        if self.appointment:
            return self.appointment
        day = self.due_date
        return self.deadline.ahead.format(day=self.deadline.of(day)) if day else ""

    @property
    def how_late(self):
        """By how much it is late, as a sentence."""
        day = self.deadline.of(self.due_date)
        return self.deadline.passed.format(day=day, days=self.overdue_days)

    @property
    def late_page(self):
        """The template that says whom to ask once it is late."""
        return self.deadline.late_page


def standings(requests, *, shipments, at, times=None):
    """Request pk → `RequestStanding`, for many requests in three queries at most.

    `shipments`: request pk → where its card goes, None before that is filled in. `times` saves one
    query: what `running_times` says of them. Select `rule` and `card` along.
    """
    asked = [card_request.pk for card_request in requests if card_request.needs_amendment]
    found = Amendment.objects.filter(card_request__in=asked, answered_at=None) if asked else ()
    amendments = {amendment.card_request_id: amendment for amendment in found}
    if times is None:
        times = running_times(requests)
    with read_once():
        return {
            card_request.pk: standing(
                card_request,
                shipment=shipments[card_request.pk],
                at=at,
                amendment=amendments.get(card_request.pk),
                times=times.get(card_request.pk),
            )
            for card_request in requests
        }


def standing(card_request, *, shipment, at, amendment=None, times=None):
    """Who has to act on `card_request` now.

    `shipment` is where the card goes, None before that is filled in; `amendment` is the open one,
    when there is one; `times` is stage → `StageTime` (`promises.stage_times`), without which the
    promises count. Select `rule` and `card` along.
    """
    today = day_of(at)
    stage = STAGE_OF_STATUS.get(RequestStatus(card_request.status))
    if stage is not None:
        time = (times or promised(card_request.rule))[stage]
        return _under_way(card_request, shipment, time, today)
    match RequestStatus(card_request.status):
        case RequestStatus.DRAFT:
            return _of_draft(card_request, at=at)
        case RequestStatus.SUBMITTED:
            return _unpaid(card_request, shipment, today)
        case RequestStatus.PAID:
            return RequestStanding(
                Actor.SYSTEM,
                "正在受理，您不用做什么",
                "一般几秒钟内完成。",
                today,
                day_of(card_request.status_since) + timedelta(days=1),
                BY_ITSELF,
            )
        case RequestStatus.NEEDS_AMENDMENT:
            return _being_amended(amendment, today)
        case RequestStatus.COLLECTED:
            return _collected(card_request, today)
        case status:
            title, text = _ENDED[status]
            return RequestStanding(
                Actor.NOBODY, title, _old_card_stays(card_request) or text, today
            )


def _being_amended(amendment, today):
    is_own = amendment is not None and amendment.is_own
    if is_own:
        title = "申请已取回，请修改后提交"
        text = "提交后重新审核，不用再缴费；到期没有提交的，按现在保存的内容继续审核。"
    else:
        title, text = "请修改审核老师指出的内容", "修改提交后会重新受理，不用再缴费。"
    asked = tuple(amendment.fields) if amendment and not is_own else ()
    due_date = amendment.due_date if amendment else None
    return RequestStanding(Actor.APPLICANT, title, text, today, due_date, asked=asked)


def _of_draft(card_request, *, at):
    if card_request.begins_anew(at):
        return RequestStanding(Actor.APPLICANT, *_BEGUN_ANEW, day_of(at))
    refusal = why_not_submittable(card_request=card_request, at=at)
    title, text = (_STOPPED, refusal.unasked().message) if refusal else _DRAFT
    return RequestStanding(Actor.APPLICANT, title, text, day_of(at), is_stopped=bool(refusal))


_STOPPED = "这份草稿现在不能提交"
_DRAFT = ("请继续填写申请", "已填的内容都保存着，可随时接着填。")
_BEGUN_ANEW = (
    "请由您本人申领",
    f"您已满{rule_text('GUARDIAN_UNTIL_AGE')}，监护人填写的草稿不再使用，请您本人重新开始。",
)


# How a request ended without a card, and what is said for a first card.
_ENDED = {
    RequestStatus.REJECTED: ("审核没有通过，这件申请已结束", "原因见下面的进度。"),
    RequestStatus.LAPSED: ("到期没有缴费，这件申请已失效", "需要办卡时请重新申请。"),
    RequestStatus.DISCARDED: (
        "这份草稿已放弃",
        "填写的内容和照片已经删除；需要办卡时可以重新申请。",
    ),
    RequestStatus.WITHDRAWN: ("这件申请已撤销", "需要办卡时可以重新申请。"),
}


def _unpaid(card_request, shipment, today):
    if shipment is None:
        title = "请填写收件信息并支付邮寄费"
    elif shipment.postage_fen:
        title = "请支付邮寄费"
    elif card_request.is_replacement and card_request.rule.card_fee_fen:
        title = "请支付工本费"
    elif shipment.is_by_unit:
        title = "请确认由单位统一领取"
    else:
        title = "请确认网点自取"
    return RequestStanding(
        Actor.APPLICANT,
        title,
        "到期没有支付的，申请自动失效，要重新提交。",
        today,
        last_day_to_pay(card_request),
    )


# The stages under way, by status: who has to act, and the words in time and when overdue.
_UNDER_WAY = {
    RequestStatus.ACCEPTED: (
        Actor.REVIEWER,
        "现在由人事处审核，您不用做什么",
        "人事处审核已超期",
        "审核有结果时我们会主动通知您。",
        REVIEWED,
    ),
    RequestStatus.APPROVED: (
        Actor.BUREAU,
        "审核已通过，由制卡中心制作，您不用做什么",
        "制卡中心制作已超期",
        "制好后我们会主动通知您。",
        MADE,
    ),
    RequestStatus.PRODUCED: (
        Actor.BUREAU,
        "卡已制好，等待制卡中心发出，您不用做什么",
        "卡已制好，制卡中心发出已超期",
        "发出后我们会通知您运单号。",
        MADE,
    ),
    RequestStatus.DISPATCHED: (
        Actor.APPLICANT,
        "卡已发出，收到后请确认领卡",
        "卡已发出，还没有确认领卡",
        "确认后就能启用社保卡。",
        DELIVERED,
    ),
}
# The other words for a card that the unit hands out: who acts, title or None, and text.
_BY_UNIT = {
    RequestStatus.PRODUCED: (Actor.BUREAU, None, "卡由单位统一领取，到了单位我们会通知您来领。"),
    RequestStatus.DISPATCHED: (
        Actor.UNIT,
        "卡已发往单位，您不用做什么。",
        "单位收到、点清以后，我们会通知您领卡的时间和地点。",
    ),
}
# The other words for a card that is fetched at a bank branch: title or None, and text.
_FETCHED = {
    RequestStatus.PRODUCED: (None, "送到网点后我们会通知您。"),
    RequestStatus.DISPATCHED: (
        "卡已送往网点，领到后请确认领卡",
        "请带身份证到网点领取，领到后就能启用社保卡。",
    ),
}


def _under_way(card_request, shipment, time, today):
    status = RequestStatus(card_request.status)
    actor, title, late_title, text, deadline = _UNDER_WAY[status]
    if shipment is not None and shipment.is_pickup and status in _FETCHED:
        fetched_title, text = _FETCHED[status]
        title = fetched_title or title
    if card_request.is_collected_by_unit and status in _BY_UNIT:
        actor, unit_title, text = _BY_UNIT[status]
        title = unit_title or title
    if deadline is MADE and time.is_measured:
        deadline = USUALLY_MADE
    due = due_date(card_request, time)
    by_itself = ""
    if status == RequestStatus.DISPATCHED and not card_request.is_collected_by_unit:
        last_day = last_day_to_confirm(card_request)
        by_itself = f"到 {end_of_day(last_day)} 还没有确认的，算已领取。"
    title = late_title if today > due else title
    return RequestStanding(actor, title, text, today, due, deadline, time, by_itself)


def _collected(card_request, today):
    if card_request.card is not None and card_request.card.status == CardStatus.SEALED:
        text = "社保卡启用以后，才能看病结算。"
        return RequestStanding(Actor.APPLICANT, "卡已领取，请启用社保卡", text, today)
    return RequestStanding(Actor.NOBODY, "卡已领取，办理完成", "", today)


def _old_card_stays(card_request):
    """What can be done after a replacement that ended without a card; "" for a first card."""
    if not card_request.is_replacement:
        return ""
    contact = settings.PORTAL_OPERATOR["contact"]
    return f"旧卡仍是正式挂失：可以重新申请补换；卡又找到了，请到{contact}申请撤销正式挂失。"
