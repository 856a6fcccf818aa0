"""Which referrals count now."""

from django.db.models import Exists, OuterRef

from apps.desk.models import Referral


def waiting_for(user, cases):
    """Those of `cases` that were referred to `user`, as they are, and not answered yet."""
    mine = Referral.objects.unanswered().filter(to=user, at__gte=OuterRef("status_since"))
    return cases.filter(Exists(mine.about_outer(cases.model)))


def referrals_of(subject):
    """All `Referral`s of a case, the newest first, with the names of both.

    `subject` is one of `claims.live.with_marks`.
    """
    if not subject.is_referred:
        return []
    found = Referral.objects.about(subject)
    return list(found.select_related("by__holder", "to__holder").order_by("-pk"))
