"""Claiming a case (领办), so that no two reviewers read the same one.

Every decision needs a claim. The other reviewers see it. It lapses by itself, so that a reviewer
who went home does not block a case. A case is a CardRequest, a FormalLoss or a Guardianship.
Opening a case does not claim it; claiming one's own case again renews the claim.
"""

from django.conf import settings
from django.db import transaction

from apps.common.refusals import Refused
from apps.desk import services
from apps.desk.absences.policies import check_present
from apps.desk.claims.policies import (
    check_day,
    check_free,
    check_held,
    check_may_decide,
    check_undecided,
)
from apps.desk.event_kinds import CaseAction
from apps.desk.looks import kind_of
from apps.desk.models import CASE_COLUMNS, Claim, Postponement, naming
from apps.events.enums import Role


def record(*, subject, action, by, at, facts, reason=""):
    """Record what `by` did with `subject` other than deciding on it: a `CaseAction`."""
    return services.record(
        kind=kind_of(subject),
        action=action,
        by=by,
        role=Role.REVIEWER,
        at=at,
        row=subject,
        holder_id=subject.lifecycle.holder_id_of(subject),
        reason=reason,
        facts=facts,
    )


@transaction.atomic
def claim(*, subject, by, at):
    """Claim `subject`, or renew the claim.

    Raises `HeldByOther`, `MayNotReview` for a party, and `Refused` when nothing is left to decide
    or while `by` is away.
    """
    check_present(by=by, at=at)
    row = _locked(subject, by=by, at=at)
    check_free(row, by=by, at=at)
    if row is not None and row.is_live(at):
        Claim.objects.filter(pk=row.pk).update(lapses_at=at + settings.REVIEW_CLAIM_LIFETIME)
        return
    _hold(subject, by=by, at=at)


def _locked(subject, *, by, at):
    """The `Claim` of `subject`, lapsed or not, or None, with the case locked.

    The lock puts a claim and a decision one after the other: the second sees what the first did.
    Raises `MayNotReview` and `Refused` as `claim`.
    """
    check_may_decide(subject, by=by)
    check_undecided(type(subject).held(subject.pk), at=at)
    return Claim.objects.about(subject).select_related("by__holder").first()


def _hold(subject, *, by, at):
    Postponement.objects.about(subject).filter(by=by).delete()
    Claim.objects.update_or_create(
        **naming(subject),
        defaults={
            "by": by,
            "claimed_at": at,
            "lapses_at": at + settings.REVIEW_CLAIM_LIFETIME,
        },
    )


def claim_first(*, cases, by, at):
    """Claim the first of `cases` (a queryset in order) that is free; returns it, or None."""
    taken = Claim.objects.live(at).exclude(by=by)
    for subject in cases.exclude(claim__in=taken)[:20]:
        try:
            claim(subject=subject, by=by, at=at)
        except Refused:
            continue
        return subject
    return None


def release(*, subject, by, at):
    """End the claim of `by` on `subject`, if there is one."""
    Claim.objects.about(subject).filter(by=by).delete()


@transaction.atomic
def postpone(*, subject, until, reason, by, at):
    """Put `subject` away until the day `until`: `by` gives it back and is not led to it before.

    Raises `HeldByOther`, `MayNotReview` for a party, and `Refused` for a day that is not open or
    when nothing is left to decide.
    """
    check_day(until, at=at)
    check_free(_locked(subject, by=by, at=at), by=by, at=at)
    Postponement.objects.update_or_create(
        **naming(subject), by=by, defaults={"at": at, "until_date": until, "reason": reason}
    )
    Claim.objects.about(subject).filter(by=by).delete()
    record(
        subject=subject,
        action=CaseAction.POSTPONE,
        by=by,
        at=at,
        facts={"until": until.isoformat()},
        reason=reason,
    )


@transaction.atomic
def take_over(*, subject, by, at):
    """Claim a case, also if a colleague holds it; that is recorded.

    Raises `MayNotReview` for a party, and `Refused` when nothing is left to decide or while `by` is
    away.
    """
    check_present(by=by, at=at)
    row = _locked(subject, by=by, at=at)
    if row is not None and row.is_live(at) and row.by_id != by.pk:
        record(
            subject=subject,
            action=CaseAction.TAKE_OVER,
            by=by,
            at=at,
            facts={"subject": CASE_COLUMNS[type(subject)], "from": row.by.employee_number},
        )
    _hold(subject, by=by, at=at)


def end(*, requests):
    """End the claims on the requests with these keys, which were decided together.

    Nobody has them put away any more.

    Call it in the transaction of the decision, which has made sure that no colleague holds one.
    """
    Claim.objects.filter(card_request__in=requests).delete()
    Postponement.objects.filter(card_request__in=requests).delete()


def finish(*, subject, by, at):
    """End the claim of `by` on a case that `by` decides. Call it in the decision's transaction.

    A lapsed claim still counts if nobody else has claimed the case. Raises `NotClaimed` and
    `HeldByOther`.
    """
    row = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("by__holder")
        .about(subject)
        .first()
    )
    check_held(row, by=by, at=at)
    Claim.objects.about(subject).filter(by=by).delete()
    Postponement.objects.about(subject).delete()
