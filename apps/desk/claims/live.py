"""Who holds a case now."""

from django.db.models import Exists

from apps.common.moments import day_of
from apps.desk.claims.refusals import BeingRead
from apps.desk.models import CASE_COLUMNS, Claim, Postponement, Referral


def claim_of(subject, *, at):
    """The live `Claim` of `subject` at the moment `at`, or None."""
    return claims_of([subject], at=at).get(subject.pk)


def with_marks(cases):
    """`cases`, each with whether anybody referred it or put it away: most have neither.

    `postponement_of` and `referrals_of` then ask for a case only where there is something.
    """
    return cases.annotate(
        is_referred=Exists(Referral.objects.about_outer(cases.model)),
        is_postponed=Exists(Postponement.objects.about_outer(cases.model)),
    )


def postponement_of(subject, *, by, at):
    """The `Postponement` by which `by` has put `subject` away at the moment `at`, or None.

    `subject` is one of `with_marks`.
    """
    if not subject.is_postponed:
        return None
    live = Postponement.objects.live(day_of(at)).filter(at__gte=subject.status_since)
    return live.about(subject).filter(by=by).first()


def claims_of(cases, *, at):
    """{pk of a case: its live `Claim` at the moment `at`} of `cases`, a list of one model."""
    if not cases:
        return {}
    field = CASE_COLUMNS[type(cases[0])]
    held = (
        Claim.objects.live(at)
        .filter(**{f"{field}__in": [subject.pk for subject in cases]})
        .select_related("by__holder")
    )
    return {getattr(claim, f"{field}_id"): claim for claim in held}


def readers_of(requests, *, at):
    """{pk: the `BeingRead` for the applicant} of those of `requests` that a reviewer holds."""
    return {pk: BeingRead(claim) for pk, claim in claims_of(requests, at=at).items()}
