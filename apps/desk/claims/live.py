"""Who holds a case now."""

from functools import partial

from django.db.models import DateField, DateTimeField, Exists, OuterRef

from apps.common.moments import day_of
from apps.desk.claims.refusals import BeingRead
from apps.desk.models import CASE_COLUMNS, Claim, Postponement, Referral
from apps.desk.models.claim import latest_end, live_between
from apps.queries.prepared import PreparedQuery, rounded


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


def _live(cases, now, end, today, *, field):
    live = Claim.objects.filter(live_between(now, end, today))
    return live.filter(cases.holds(field)).select_related("by__holder")


_LIVE = {
    model: PreparedQuery(
        partial(_live, field=field),
        cases=model,
        now=DateTimeField(),
        end=DateTimeField(),
        today=DateField(),
    )
    for model, field in CASE_COLUMNS.items()
}


def claims_of(cases, *, at):
    """{pk of a case: its live `Claim` at the moment `at`} of `cases`, a list of one model.

    One query; a list should be that of a page.
    """
    if not cases:
        return {}
    model = type(cases[0])
    held = asks_claims(model, [subject.pk for subject in cases], at=at).read()
    return {getattr(claim, f"{CASE_COLUMNS[model]}_id"): claim for claim in held}


def asks_claims(model, keys, *, at):
    """What `claims_of` asks for of the rows of `model`, to be read together with others."""
    values = {"now": at, "end": latest_end(at), "today": day_of(at)}
    return _LIVE[model].asks(cases=rounded(keys), **values)


def may_be_held(at):
    """The expression over requests that is true of each with a live claim at the moment `at`."""
    return Exists(Claim.objects.filter(card_request=OuterRef("pk"), lapses_at__gt=at))


def readers_of(requests, *, at):
    """{pk: the `BeingRead` for the applicant} of those of `requests` that a reviewer holds."""
    return {pk: BeingRead(claim) for pk, claim in claims_of(requests, at=at).items()}
