"""Hands a case to a colleague (转给), asks one to look at it (请同事看), and answers.

Who is told: the colleague (messages.py), and who asked, once there is an answer. Nobody but the
desk reads the notes: the book has who and whom, not the words.
"""

from django.conf import settings
from django.db import transaction

from apps.common.refusals import check_reason
from apps.desk.claims.policies import check_free, check_may_decide, check_undecided
from apps.desk.claims.services import record
from apps.desk.event_kinds import CaseAction
from apps.desk.models import Claim, Postponement, Referral, ReferralKind, naming
from apps.desk.referrals.policies import check_asked, check_colleague

_ACTIONS = {
    ReferralKind.HAND_OVER: CaseAction.HAND_OVER,
    ReferralKind.ASK: CaseAction.ASK_COLLEAGUE,
}


@transaction.atomic
def hand_over(*, subject, to, note, by, at):
    """Give the case to `to`, whose claim it becomes. Returns the `Referral`.

    Raises `HeldByOther`, `MayNotReview` for a party, and `Refused` when nothing is left to decide
    or `to` may not decide it.
    """
    _check(subject, to=to, by=by, at=at)
    Postponement.objects.about(subject).filter(by__in=(by, to)).delete()
    lapses_at = at + settings.REVIEW_CLAIM_LIFETIME
    claim = {"by": to, "claimed_at": at, "lapses_at": lapses_at}
    Claim.objects.update_or_create(**naming(subject), defaults=claim)
    return _refer(subject, ReferralKind.HAND_OVER, to=to, note=note, by=by, at=at)


@transaction.atomic
def ask(*, subject, to, note, by, at):
    """Ask `to` to look at the case; who holds it does not change. Returns the `Referral`.

    Raises as `hand_over`, and `Refused` without a note.
    """
    check_reason(note, "请写明想请同事看什么。")
    _check(subject, to=to, by=by, at=at)
    return _refer(subject, ReferralKind.ASK, to=to, note=note, by=by, at=at)


@transaction.atomic
def answer(*, referral, text, by, at):
    """Answer a colleague who asked. Raises `Refused`, also without a text."""
    check_reason(text, "请写明您的看法。")
    row = Referral.objects.select_for_update().get(pk=referral.pk)
    check_asked(row, by=by, at=at)
    Referral.objects.filter(pk=row.pk).update(answer=text.strip(), answered_at=at)
    subject = row.card_request or row.formal_loss or row.guardianship
    facts = {"referral": row.pk}
    record(subject=subject, action=CaseAction.ANSWER_COLLEAGUE, by=by, at=at, facts=facts)


def _check(subject, *, to, by, at):
    check_may_decide(subject, by=by)
    row = type(subject).held(subject.pk)
    check_undecided(row, at=at)
    claim = Claim.objects.about(subject).select_related("by__holder").first()
    check_free(claim, by=by, at=at)
    check_colleague(subject, to=to, by=by, at=at)


def _refer(subject, kind, *, to, note, by, at):
    referral = Referral.objects.create(
        **naming(subject), kind=kind, by=by, to=to, note=note.strip(), at=at
    )
    record(
        subject=subject,
        action=_ACTIONS[kind],
        by=by,
        at=at,
        facts={"to": to.employee_number, "referral": referral.pk},
    )
    return referral
