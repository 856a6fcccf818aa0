"""What people read of a card that is at the unit, or on its way there."""

from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings

from apps.common.moments import day_of
from apps.common.rules import rule_text
from apps.common.templatetags.formats import day as day_in_words
from apps.common.templatetags.formats import end_of_day, time_of_day
from apps.handout.enums import BoxCardStatus
from apps.handout.models import BoxCard
from apps.handout.policies import last_day_kept
from apps.waiting import wallet
from apps.waiting.status_words import FETCHED, Actor


@dataclass(frozen=True)
class WhereToCome:
    """Where and when to come for a card.

    `when` are the hours, and `due_date` the day to come, of the hand-out day ahead or under
    way. Without one ("", None) the card can be had at the desk's hours.
    """

    row: BoxCard
    when: str
    place: str
    due_date: date | None = None

    @property
    def words(self):
        return f"{self.when}，{self.place}" if self.when else self.place


def rows_of(requests):
    """{request pk: its `BoxCard`} for those of `requests` that the unit collects. One query."""
    keys = [one.pk for one in requests if one.is_collected_by_unit]
    if not keys:
        return {}
    rows = BoxCard.objects.filter(card_request__in=keys).select_related(
        "day", "box", "proxy__holder"
    )
    return {row.card_request_id: row for row in rows.order_by("pk")}


def hours(day):
    """12月3日（周四）09:00至11:30, of a `HandOutDay`."""
    begins = f"{day_in_words(day.starts_at)}{time_of_day(day.starts_at)}"
    ends = time_of_day(day.ends_at)
    if day_of(day.ends_at) != day_of(day.starts_at):
        ends = f"{day_in_words(day.ends_at)}{ends}"
    return f"{begins}至{ends}"


def invitation(row, *, at):
    """The `WhereToCome` of a card that can be had."""
    day = row.day
    if day is not None and day.ends_at > at:
        return WhereToCome(row, hours(day), day.place, day_of(max(day.starts_at, at)))
    return WhereToCome(row, "", settings.PORTAL_OPERATOR["contact"])


_BRING = "请带工作证，出示「领卡码」。本人来不了的，可以委托同事代领。"


def at_the_unit(now, row, *, at):
    """The `RequestStanding` `now` of a card that was sent, with what the unit knows of it."""
    if row is None:
        return now
    status = row.status_at(at)
    if status == BoxCardStatus.MISSING:
        return replace(
            now,
            actor=Actor.SEEKER,
            title="卡没有随箱送到，正在请制卡中心查找。",
            text="找到后我们会马上通知您，您不用做什么。",
            due_date=None,
            stage_time=None,
        )
    if status == BoxCardStatus.RETURNED:
        contact = settings.PORTAL_OPERATOR["contact"]
        title = f"卡保管满{rule_text('UNIT_KEEPS')}没有人领，已退回制卡中心。"
        text = f"还需要这张卡的，请联系{contact}。"
        return replace(
            now, actor=Actor.NOBODY, title=title, text=text, due_date=None, stage_time=None
        )
    if not row.can_be_had:
        return now
    where = invitation(row, at=at)
    is_kept = status == BoxCardStatus.IN_BOX
    if where.due_date:
        last_day = last_day_kept(row)
        kept = f"卡保管到 {end_of_day(last_day)}。" if last_day >= where.due_date else ""
        return replace(
            now,
            actor=Actor.APPLICANT,
            title="请来领卡",
            text=_BRING + kept,
            due_date=where.due_date,
            deadline=FETCHED,
            appointment=where.words,
            stage_time=None,
        )
    if is_kept and row.day is None:
        return replace(
            now,
            actor=Actor.KEEPER,
            title="卡已到单位，领卡时间定下以后通知您。",
            text=f"着急用的，可以到{where.place}领取。",
            due_date=None,
            stage_time=None,
        )
    return replace(
        now,
        actor=Actor.APPLICANT,
        title=f"卡已到单位，请到{where.place}领取",
        text=_BRING,
        due_date=last_day_kept(row) if is_kept else None,
        deadline=FETCHED,
        stage_time=None,
    )


@dataclass(frozen=True)
class StageAtUnit:
    """Where a card is, in a few words, once the unit knows more than that it was sent."""

    words: str
    icon: str
    tone: str


_STAGES = {
    BoxCardStatus.IN_BOX: StageAtUnit("已到单位", "pin", "warn"),
    BoxCardStatus.TO_RETURN: StageAtUnit("已到单位", "pin", "warn"),
    BoxCardStatus.MISSING: StageAtUnit("正在查找", "search", "warn"),
    BoxCardStatus.RETURNED: StageAtUnit("已退回", "undo", "warn"),
}


def stage_at_unit(row, *, at):
    """The `StageAtUnit` of the `BoxCard` `row`; None while nothing more is known, and without one.

    A page says it in place of 已发出.
    """
    return _STAGES.get(BoxCardStatus(row.status_at(at))) if row is not None else None


def stages(requests, *, at):
    """{request pk: where its card is, in a few words}. A query if the unit collects any of them."""
    rows = rows_of(requests)
    found = {}
    for one in requests:
        known = stage_at_unit(rows.get(one.pk), at=at)
        found[one.pk] = known.words if known else one.get_status_display()
    return found


def stage_of(card_request, *, at):
    """Where the card of one request is, in a few words (`stages`)."""
    return stages([card_request], at=at)[card_request.pk]


def face_at_the_unit(face, row, *, at):
    """The `CardFace` `face` of a request, or None, with what the unit knows of its card `row`."""
    stage = stage_at_unit(row, at=at)
    if face is None or stage is None or not face.is_printing:
        return face
    return replace(face, words=stage.words, icon=stage.icon, tone=stage.tone)


def faces(persons, *, at):
    """As `wallet.faces`, with what the unit knows. One query more while a card is not received."""
    found = wallet.faces(persons, at=at)
    made = {face.card.pk: pk for pk, face in found.items() if face.is_printing and face.card}
    if made:
        rows = BoxCard.objects.filter(card__in=made).exclude(card_request=None)
        for row in rows.order_by("pk"):
            pk = made[row.card_id]
            found[pk] = face_at_the_unit(found[pk], row, at=at)
    return found


def way_to_unit(way, row, *, at):
    """The `RequestWay` of a card as long as it is on its way; None once the unit knows more."""
    return way if row is None or row.status_at(at) == BoxCardStatus.EXPECTED else None
