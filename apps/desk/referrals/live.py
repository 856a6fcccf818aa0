"""Which referrals count now."""

from django.db.models import F, Q

from apps.common.moments import day_of
from apps.desk.models import CASE_COLUMNS, Absence, Claim, Postponement, Referral
from apps.desk.models.claim import in_time


def waiting_for(user, cases, *, at):
    """Those of `cases` that were referred to `user`, as they are, and not answered yet.

    For those for whom `user` stands in at the moment `at` also what they have put away or hold.
    """
    principals, case = Absence.objects.principals_of(user, at=at), CASE_COLUMNS[cases.model]
    # All of these are few: a list of keys, from which the database can start.
    now = {f"{case}__isnull": False, "at__gte": F(f"{case}__status_since")}
    to = Q(to=user) | Q(to__in=principals)
    referred = Referral.objects.unanswered().filter(to, **now)
    put_away = Postponement.objects.live(day_of(at)).filter(by__in=principals, **now)
    held = Claim.objects.filter(in_time(at), by__in=principals, **{f"{case}__isnull": False})
    return cases.filter(
        pk__in=referred.values(case).union(put_away.values(case), held.values(case))
    )


def referrals_of(subject):
    """All `Referral`s of a case, the newest first, with the names of both.

    `subject` is one of `claims.live.with_marks`.
    """
    if not subject.is_referred:
        return []
    found = Referral.objects.about(subject)
    return list(found.select_related("by__holder", "to__holder").order_by("-pk"))
