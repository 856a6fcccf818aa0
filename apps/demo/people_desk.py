"""What the desk does about people: a number that changes, one that stays, a colleague's holiday."""

from datetime import timedelta

from apps.common.moments import day_of
from apps.demo.accounts import REVIEWERS, SUPERVISORS
from apps.desk.absences.services import set_absence
from apps.people.models import Holder, User
from apps.person_changes import services
from apps.person_changes.enums import EvidenceKind, PersonChangeKind
from apps.person_changes.models import PersonChange

# Employee number → the one that was proposed, and how many days ago.
WAITS = ("D1012", "D2047", 2)
DECLINED = ("D1013", "D2058", 9)


def build(*, at, tell):
    """Build it once, as of the moment `at`; `tell` is called with a line about it."""
    if PersonChange.objects.exists():
        return
    tell("人员更正、不在岗")
    first, second = (_account(each) for each in REVIEWERS)
    _propose(*WAITS, by=first, at=at)
    declined = _propose(*DECLINED, by=first, at=at)
    services.decline(
        change=declined,
        reason="聘用文件上还是原来的工号",
        by=_account(SUPERVISORS[0]),
        at=at - timedelta(days=8),
    )
    today = day_of(at)
    set_absence(
        user=second,
        first=today + timedelta(days=3),
        last=today + timedelta(days=7),
        deputy=first,
        by=second,
        at=at,
    )


def _propose(number, new_number, days, *, by, at):
    return services.propose(
        kind=PersonChangeKind.EMPLOYEE_NUMBER,
        holder=Holder.objects.select_related("user").get(user__employee_number=number),
        new_number=new_number,
        evidence_kind=EvidenceKind.APPOINTMENT,
        evidence="转正文件，在人事处核对",
        reason="转为正式职工，换了工号",
        by=by,
        at=at - timedelta(days=days),
    )


def _account(account):
    return User.objects.select_related("holder").get(employee_number=account.employee_number)
