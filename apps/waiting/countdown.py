"""The number that answers first: days that are left, or that it is late, and whose turn it is."""

from dataclasses import dataclass

from apps.cards.enums import RequestStatus
from apps.common.templatetags.formats import end_of_day, moment, promise
from apps.requests.particulars import missing_fields
from apps.waiting.status_words import FETCHED, Actor


@dataclass(frozen=True)
class Countdown:
    """`parts` are (number, unit), drawn large, between `before` and the sentence `below`.

    `says_due_date`: `below` says by when, so that nothing beside it has to. `waits_for_others`: the
    applicant has nothing to do, which a page says once.
    """

    before: str
    parts: tuple[tuple[str, str], ...]
    below: str
    is_late: bool = False
    says_due_date: bool = False
    waits_for_others: bool = False


# What the applicant has to do by a day: before the number, the unit with what to do, and what to do
# where the day is today.
_BY_A_DAY = {
    RequestStatus.SUBMITTED: ("还有", "天付款", "付款"),
    RequestStatus.NEEDS_AMENDMENT: ("", "天内改好", "改好"),
}


def of_request(card_request, *, standing, way, shipment, at):
    """The `Countdown` of `card_request`; None where no day is known and nothing is missing.

    `standing` is its `RequestStanding`, `way` its `RequestWay` or None, `shipment` where the card
    goes. Select `particulars` along for a draft.
    """
    if standing.is_overdue:
        number = ((str(standing.overdue_days), "天"),)
        return Countdown("已超过", number, standing.how_late, is_late=True)
    if card_request.is_draft:
        is_useless = standing.is_stopped or card_request.begins_anew(at)
        return None if is_useless else _missing(card_request, at=at)
    words = _BY_A_DAY.get(RequestStatus(card_request.status))
    if standing.deadline is FETCHED:
        words = ("还有", "天来领", "来领")
    if words is not None and standing.due_date is not None:
        return _by_a_day(standing, *words)
    if way is not None and way.days_left is not None:
        return _arrival(way, standing, where=where_to(card_request, shipment))
    return None


def _missing(card_request, *, at):
    missing = missing_fields(card_request.particulars, at=at)
    if not missing:
        return None
    named = "、".join(missing[:3])
    rest = "等" if len(missing) > 3 else ""
    return Countdown("还差", ((str(len(missing)), "项"),), f"{named}{rest}还没有填好。")


def _by_a_day(standing, before, unit, what):
    """`before` and `unit` stand around the number of days; `what` is done today where it is 0."""
    by = standing.appointment or f"{end_of_day(standing.due_date)} 前{what}"
    if standing.days_left:
        return Countdown(before, ((str(standing.days_left), unit),), by, says_due_date=True)
    today = what if standing.appointment else f"24:00 前{what}"
    return Countdown("", (("今天", today),), by, says_due_date=True)


def where_to(card_request, shipment):
    """送到, 送到单位 or 送到网点: where the card goes; `shipment` is None before that is known."""
    if card_request.is_collected_by_unit:
        return "送到单位"
    return "送到网点" if shipment is not None and shipment.is_pickup else "送到"


def _arrival(way, standing, *, where):
    before, number = "大约还有", (str(way.days_left), "天")
    if not way.days_left:
        before, number = "预计", ("今天", where)
    below = f"{promise(way.arrives_date)}{where}"
    waits_for_others = not standing.waits_for_applicant
    return Countdown(before, (number,), below, waits_for_others=waits_for_others)


def of_suspension(end, *, at):
    """The `Countdown` of a suspension that ends at `end`: days and hours."""
    left = end - at
    hours = left.seconds // 3600
    parts = [(str(left.days), "天")] if left.days else []
    if hours or not parts:
        parts.append((str(hours) if hours else "不到 1", "小时"))
    return Countdown("还剩", tuple(parts), f"{moment(end)} 自动恢复使用")


@dataclass(frozen=True)
class Turn:
    """Whose turn it is, in a few words, with the tone and the icon of their chip."""

    words: str
    tone: str
    icon: str


_TURNS = {
    Actor.APPLICANT: Turn("轮到您了", "warn", "edit"),
    Actor.REVIEWER: Turn("人事处在审核", "info", "clock"),
    Actor.BUREAU: Turn("制卡中心在做", "info", "clock"),
    Actor.UNIT: Turn("卡送往单位", "info", "truck"),
    Actor.KEEPER: Turn("卡在单位", "info", "check"),
    Actor.SEEKER: Turn("正在查找这张卡", "warn", "clock"),
    Actor.SYSTEM: Turn("系统在受理", "info", "clock"),
}
_ON_THE_ROAD = Turn("卡在路上", "info", "truck")
_AT_THE_BRANCH = Turn("卡送往网点", "info", "truck")


def turn(card_request, *, standing, shipment):
    """The `Turn` of a request; None once nobody acts any more."""
    if RequestStatus(card_request.status) == RequestStatus.DISPATCHED and not standing.is_overdue:
        if card_request.is_collected_by_unit:
            return _TURNS.get(standing.actor)
        is_fetched = shipment is not None and shipment.is_pickup
        return _AT_THE_BRANCH if is_fetched else _ON_THE_ROAD
    return _TURNS.get(standing.actor)
