"""When and where a department gets its cards, and who is told."""

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Greatest

from apps.common import writable
from apps.common.refusals import Refused
from apps.common.rules import rule_text
from apps.events.enums import AS_WORKER, Channel, Role
from apps.handout.enums import BoxCardAction, DayAction, DayStatus
from apps.handout.models import BoxCard, Department, HandOutDay
from apps.handout.policies import end_of_keeping, kept_for
from apps.handout.standing import hours
from apps.lifecycle import engine
from apps.lifecycle.sweep import move_all


@transaction.atomic
def arrange(*, department, place, starts_at, ends_at, by, at):
    """A hand-out day for `department`, None for everybody. Returns the `HandOutDay`.

    The worker tells the people whose cards lie at the unit, and those whose cards come later.
    Raises `Refused`, also when the same people have been asked to come at that time already.
    """
    _check(place, starts_at, ends_at, at=at)
    _check_alone(department, starts_at, ends_at, at=at)
    day = HandOutDay(
        department=department, place=place, starts_at=starts_at, ends_at=ends_at, changed_at=at
    )
    engine.begin(day, DayAction.ARRANGE, **_desk(by, at))
    return day


@transaction.atomic
def change(*, day, place, starts_at, ends_at, by, at):
    """Another place or time; everybody who was told is told again. Raises as `arrange`."""
    _check(place, starts_at, ends_at, at=at)
    _check_alone(day.department, starts_at, ends_at, at=at, apart_from=day)
    values = {"place": place, "starts_at": starts_at, "ends_at": ends_at, "changed_at": at}
    engine.move(day, DayAction.CHANGE, **_desk(by, at), **values)


@transaction.atomic
def call_off(*, day, by, at):
    """Nothing is handed out then; everybody who was told is told so."""
    engine.move(day, DayAction.CALL_OFF, **_desk(by, at))
    told = BoxCard.objects.waiting(at).filter(day=day)
    move_all(told, BoxCardAction.CALL_OFF, facts=told_of(day), **_desk(by, at))


def _check(place, starts_at, ends_at, *, at):
    writable.check(place, "地点")
    if ends_at <= starts_at:
        raise Refused("结束时间要晚于开始时间。", code="order")
    if ends_at <= at:
        raise Refused("这个时间已经过了，请选以后的时间。", code="past")
    if starts_at >= end_of_keeping(at):
        raise Refused(f"最远可以安排到{rule_text('UNIT_KEEPS')}以后，请核对日期。", code="far")


def _check_alone(department, starts_at, ends_at, *, at, apart_from=None):
    """Nobody would be told of a second day at the same time, as after a second click."""
    if department is not None:
        Department.objects.select_for_update().get(pk=department.pk)
    days = ahead(at).filter(department=department, starts_at__lt=ends_at, ends_at__gt=starts_at)
    other = days.exclude(pk=apart_from and apart_from.pk).first()
    if other is not None:
        raise Refused(
            f"{other.whose}这段时间已经安排了：{hours(other)}，{other.place}。"
            "要改时间或地点，请打开那一次修改。",
            code="overlap",
            row=other,
        )


def _desk(by, at):
    return {"by": by, "role": Role.STAFF, "at": at, "channel": Channel.ADMIN}


def told_of(day):
    """What the event of an invitation keeps of `day`, for its message and the timeline."""
    return {
        "place": day.place,
        "starts_at": day.starts_at.isoformat(),
        "ends_at": day.ends_at.isoformat(),
    }


def ahead(at):
    """The hand-out days that are not over at `at`, the earliest first."""
    days = HandOutDay.objects.in_status(DayStatus.PLANNED, at=at)
    return days.select_related("department").order_by("starts_at", "pk")


def to_invite(day, *, at):
    """The waiting cards whose people have not been told of `day` as it is now.

    Nobody gets a second day while the first one is ahead.
    """
    cards = BoxCard.objects.waiting(at)
    if day.department_id is not None:
        cards = cards.filter(department=day.department_id)
    told = cards.filter(day=day, invited_at__gte=day.changed_at)
    elsewhere = cards.filter(day__in=ahead(at).exclude(pk=day.pk).values("pk"))
    return cards.exclude(pk__in=told.values("pk")).exclude(pk__in=elsewhere.values("pk"))


def invite_due(*, at, deadline):
    """Tell everybody whose card waits when and where to get it. Returns how many were told.

    The card is kept up to then.
    """
    told = 0
    for day in ahead(at):
        told += move_all(
            to_invite(day, at=at),
            BoxCardAction.INVITE,
            at=at,
            facts=told_of(day),
            day=day,
            invited_at=at,
            kept_until=Greatest("kept_until", kept_for(day)),
            reminded_at=at,
            next_reminder_at=next_reminder(day, at=at),
            deadline=deadline,
            **AS_WORKER,
        ).done
    return told


def next_reminder(day, *, at):
    """When people who have just been told of `day` are reminded: before it, or after it."""
    day_before = day.starts_at - settings.HAND_OUT_NOTICE
    return day_before if day_before > at else day.ends_at + settings.HAND_OUT_REMINDER


def end_days(*, at, deadline):
    """Write down the days that are over."""
    over = HandOutDay.objects.overdue(DayAction.END, at)
    return move_all(over, DayAction.END, at=at, deadline=deadline, **AS_WORKER)
