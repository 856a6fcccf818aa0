"""Which referrals count now."""

from django.db.models import F, Q

from apps.common.moments import day_of
from apps.desk.models import CASE_COLUMNS, Absence, Claim, Postponement, Referral
from apps.desk.models.claim import in_time_between, latest_end


def waiting_for(user, cases, *, at):
    """Those of `cases` that were referred to `user`, as they are, and not answered yet.

    For those for whom `user` stands in at the moment `at` also what they have put away or hold.
    """
    return referred_to(cases, account=user.pk, now=at, claim_end=latest_end(at), today=day_of(at))


def referred_to(cases, *, account, now, claim_end, today):
    """`waiting_for` the account with that key, at the moment `now` of the day `today`.

    `claim_end` is the `latest_end` of a claim. In a prepared query they are parameters.
    """
    principals = Absence.objects.principals_of(account, today=today)
    case = CASE_COLUMNS[cases.model]
    # All of these are few: a list of keys, from which the database can start.
    current = {f"{case}__isnull": False, "at__gte": F(f"{case}__status_since")}
    to = Q(to=account) | Q(to__in=principals)
    referred = Referral.objects.unanswered().filter(to, **current)
    put_away = Postponement.objects.live(today).filter(by__in=principals, **current)
    in_time = in_time_between(now, claim_end)
    held = Claim.objects.filter(in_time, by__in=principals, **{f"{case}__isnull": False})
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
