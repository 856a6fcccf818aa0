"""Claiming a case (领办), so that no two reviewers read the same one.

A claim is needed for every decision, is shown to the others, and lapses by itself: whoever went
home does not keep a case from its applicant. A case is a CardRequest, a FormalLoss or a
Guardianship. Looking never claims; a claim of one's own is renewed by claiming again.
"""

from django.conf import settings
from django.db import transaction

from apps.cards.models import CardRequest
from apps.common.refusals import Refused
from apps.desk import event_kinds
from apps.desk.claims.live import FIELDS, of
from apps.desk.claims.policies import check_free, check_held, check_may_decide, check_undecided
from apps.desk.event_kinds import CaseAction
from apps.desk.models import Claim
from apps.events import services as events
from apps.events.enums import Channel, Role
from apps.people.models import Guardianship
from apps.replacement.models import FormalLoss

_KINDS = {
    CardRequest: event_kinds.REQUEST,
    FormalLoss: event_kinds.FORMAL_LOSS,
    Guardianship: event_kinds.GUARDIANSHIP,
}


def record(*, subject, action, by, at, facts, reason=""):
    """Write down what `by` did with `subject` apart from deciding it: a `CaseAction`."""
    return events.record(
        kind=_KINDS[type(subject)],
        action=action,
        by=by,
        role=Role.REVIEWER,
        at=at,
        channel=Channel.ADMIN,
        subject_id=subject.pk,
        reference=subject.reference,
        holder_id=subject.lifecycle.holder_id_of(subject),
        reason=reason,
        facts=facts,
    )


@transaction.atomic
def claim(*, subject, by, at):
    """Hold `subject`, or hold it longer.

    Raises `HeldByOther`, `MayNotReview` for a party, and `Refused` when nothing is left to decide.
    """
    row = _locked(subject, by=by, at=at)
    check_free(row, by=by, at=at)
    if row is not None and row.is_live(at):
        Claim.objects.filter(pk=row.pk).update(lapses_at=at + settings.REVIEW_CLAIM_LIFETIME)
        return
    _hold(subject, by=by, at=at)


def _locked(subject, *, by, at):
    """The `Claim` of `subject`, lapsed or not, or None, with the case locked.

    So a claim and a decision come one after the other: whoever is second sees what the first did.
    Raises `MayNotReview` and `Refused` as `claim`.
    """
    check_may_decide(subject, by=by)
    check_undecided(type(subject)._default_manager.select_for_update().get(pk=subject.pk), at=at)
    return Claim.objects.filter(**of(subject)).select_related("by__holder").first()


def _hold(subject, *, by, at):
    Claim.objects.update_or_create(
        **of(subject),
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
    """Give `subject` back. A case that `by` does not hold stays as it is."""
    Claim.objects.filter(**of(subject), by=by).delete()


@transaction.atomic
def take_over(*, subject, by, at):
    """Hold a case that a colleague holds; that is written down.

    Raises `MayNotReview` for a party, and `Refused` when nothing is left to decide.
    """
    row = _locked(subject, by=by, at=at)
    if row is not None and row.is_live(at) and row.by_id != by.pk:
        record(
            subject=subject,
            action=CaseAction.TAKE_OVER,
            by=by,
            at=at,
            facts={"subject": FIELDS[type(subject)], "from": row.by.employee_number},
        )
    _hold(subject, by=by, at=at)


def end(*, requests):
    """End the claims of the requests with these keys: they were decided together.

    Call it in the transaction of the decision, which has made sure that no colleague holds one.
    """
    Claim.objects.filter(card_request__in=requests).delete()


def finish(*, subject, by, at):
    """The claim of a case that `by` decides ends with the decision; call it in its transaction.

    One that lapsed while nobody else wanted the case still counts. Raises `NotClaimed` and
    `HeldByOther`.
    """
    row = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("by__holder")
        .filter(**of(subject))
        .first()
    )
    check_held(row, by=by, at=at)
    Claim.objects.filter(**of(subject), by=by).delete()
