"""Saying that a reviewer is away, and that the reviewer is back."""

from django.db import transaction

from apps.desk import services
from apps.desk.absences.policies import (
    check_days,
    check_deputy,
    check_has_deputy,
    check_may_set,
)
from apps.desk.event_kinds import ABSENCE, AbsenceAction
from apps.desk.models import Absence
from apps.people.models import User


@transaction.atomic
def set_absence(*, user, first, last, deputy, by, at):
    """`user` is away from the day `first` to the day `last`; `deputy` may be None.

    Returns the `Absence`. Raises `Refused` for somebody else's without the right to lead the team,
    `DatesRefused` and `DeputyRefused`.
    """
    keys = [person.pk for person in (user, deputy) if person]
    list(User.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    check_may_set(user, by=by)
    check_days(user, first, last, at=at)
    if deputy is None:
        check_has_deputy(user, first=first, last=last)
    else:
        check_deputy(deputy, user=user, first=first, last=last)
    absence = Absence.objects.create(
        user=user, from_date=first, until_date=last, deputy=deputy, set_at=at, set_by=by
    )
    _record(AbsenceAction.SET, absence, by=by, at=at)
    return absence


@transaction.atomic
def end_absence(*, absence, by, at):
    """The reviewer is back before the last day, or does not go. Idempotent.

    Raises `Refused` for somebody else's without the right to lead the team.
    """
    check_may_set(absence.user, by=by)
    if Absence.objects.standing().filter(pk=absence.pk).update(ended_at=at):
        _record(AbsenceAction.END, absence, by=by, at=at)


def _record(action, absence, *, by, at):
    facts = {
        "away": absence.user.employee_number,
        "from_day": absence.from_date.isoformat(),
        "until": absence.until_date.isoformat(),
        "deputy": absence.deputy.employee_number if absence.deputy else None,
    }
    services.record(kind=ABSENCE, action=action, by=by, at=at, row=absence, facts=facts)
