"""To whom a case can be handed, and who may be asked about it."""

from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.desk import roles
from apps.desk.absences.policies import note_of
from apps.desk.colleagues import holding, named
from apps.desk.models import Absence
from apps.people.permissions import is_party


def reviewers():
    """The users who may decide, by employee number. Select `holder` along for their names."""
    return holding(roles.DECIDE).select_related("holder").order_by("employee_number")


def check_colleague(subject, *, to, by, at):
    """Raise `Refused` unless `by` may refer `subject` to the reviewer `to`."""
    if to.pk == by.pk:
        raise Refused("请选择一位同事，不能选自己。", code="myself")
    if not (to.is_active and to.has_perm(roles.DECIDE)):
        raise Refused(f"{named(to)}没有审核的权限，请选另一位同事。", code="no_reviewer")
    absence = Absence.objects.of(to, at=at)
    if absence is not None:
        raise Refused(f"{named(to)}{note_of(absence)}，请选另一位同事。", code="away")
    if is_party(to, subject):
        raise Refused(
            f"这件与{named(to)}有关，不能由这位同事办，请选另一位。", code="party_of_colleague"
        )


def check_asked(referral, *, by, at):
    """Raise `Refused` unless `referral` waits for the answer of `by`, or of the one deputised."""
    stands_in = Absence.objects.principals_of(by, today=day_of(at)).filter(user=referral.to_id)
    if referral.to_id != by.pk and not stands_in.exists():
        raise Refused("这件不是请您看的。", code="not_asked")
    if referral.answered_at is not None:
        raise Refused("这个问题已经答复过了。", code="answered")
