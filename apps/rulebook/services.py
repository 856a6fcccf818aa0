"""Saves a change of the rules, or the holidays of a year, as previewed, and records it."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from apps.common.refusals import Refused
from apps.desk import event_kinds
from apps.desk import services as desk
from apps.desk.event_kinds import HolidayAction, RuleAction
from apps.events.models import Event
from apps.regions import services as regions
from apps.rulebook import moved
from apps.rulebook.changes import ChangeLine
from apps.rulebook.impact import Group


class Stale(Refused):
    """Somebody changed one of the cities after the preview was shown."""


@dataclass(frozen=True)
class Preview:
    """What would be saved, and whom it would concern. `basis` is a digest of the present rules."""

    basis: str
    lines: list[ChangeLine]
    warnings: list[str]
    groups: list[Group]


@transaction.atomic
def preview(*, change, by, at):
    """The `Preview` of `change`, which is applied and rolled back. Raises as saving it would."""
    regions.lock(cities=change.cities)
    basis = regions.basis(cities=change.cities)
    with transaction.atomic():
        change.apply(by=by, at=at)
        transaction.set_rollback(True)
    return Preview(basis, change.lines(), change.warnings(), change.groups(at=at))


@transaction.atomic
def apply(*, change, basis, by, at):
    """Save `change`, whose preview had the digest `basis`. Raises `Stale`, and as the change does.

    One event for each city: who, when, why, from what to what.
    """
    regions.lock(cities=change.cities)
    if regions.basis(cities=change.cities) != basis:
        keys = [city.pk for city in change.cities]
        changes = Event.objects.of_kind(event_kinds.RULES).filter(subject_id__in=keys)
        raise Stale(
            "您核对的时候，有人修改了这个地区的规则。什么都没有保存，请按现在的情况重新核对。",
            code="stale",
            first=_saved_last(changes),
        )
    cities = {city.code: city for city in change.cities}
    for code, facts in change.apply(by=by, at=at).items():
        desk.record(
            kind=event_kinds.RULES,
            action=RuleAction.CHANGE,
            by=by,
            at=at,
            row=cities[code],
            reference=code,
            facts=facts,
            reason=change.note,
        )


def arrange_year(*, table, basis, note, by, at):
    """Save the `HolidayTable` whose preview had the digest `basis`. Returns how many promises move.

    Raises `Stale` when somebody saved another table after the preview was shown.
    """
    try:
        return _arrange_year(table, basis, note, by=by, at=at)
    except IntegrityError as error:  # somebody saves at this very moment
        raise _stale_holidays() from error


@transaction.atomic
def _arrange_year(table, basis, note, *, by, at):
    if moved.basis() != basis:
        raise _stale_holidays()
    count = sum(each.count for each in moved.by_table(table))
    days = {day: (row.kind, row.name) for day, row in table.days.items()}
    regions.arrange_year(year=table.year, days=days, by=by, at=at)
    desk.record(
        kind=event_kinds.HOLIDAYS,
        action=HolidayAction.ARRANGE,
        by=by,
        at=at,
        subject_id=table.year,
        facts={
            "year": table.year,
            "off": table.count_off,
            "worked": table.count_work,
            "moved": count,
        },
        reason=note,
    )
    return count


def _stale_holidays():
    return Stale(
        "您核对的时候，有人上传了另一份放假安排。什么都没有保存，请按现在的情况重新核对。",
        code="stale",
        first=_saved_last(Event.objects.of_kind(event_kinds.HOLIDAYS)),
    )


def _saved_last(changes):
    """(user, moment) of the last of the events `changes`, or None."""
    event = changes.select_related("by__holder").order_by("pk").last()
    return event and (event.by, event.at)
