"""Claiming a case (领办), so that no two reviewers read the same one.

A claim is needed for every decision, is shown to the others, and lapses by itself: whoever went
home does not keep a case from its applicant. A case is a CardRequest, a FormalLoss or a
Guardianship. Looking never claims; a claim of one's own is renewed by claiming again.
"""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.cards.permissions import check_is_reviewer
from apps.cards.policies import check_is_no_party
from apps.common.refusals import Refused
from apps.desk import event_kinds
from apps.desk.colleagues import named
from apps.desk.event_kinds import CaseAction
from apps.desk.models import Assignment
from apps.events import services as events
from apps.events.enums import Channel, Role
from apps.people.models import Guardianship
from apps.replacement.models import FormalLoss

OPEN_REQUEST = (RequestStatus.ACCEPTED, RequestStatus.NEEDS_AMENDMENT)
_FIELDS = {CardRequest: "request", FormalLoss: "formal_loss", Guardianship: "guardianship"}


_KINDS = {
    CardRequest: event_kinds.REQUEST,
    FormalLoss: event_kinds.FORMAL_LOSS,
    Guardianship: event_kinds.GUARDIANSHIP,
}


class NotClaimed(Refused):
    """The decision needs a claim first."""


class HeldByOther(Refused):
    """A colleague holds the case; `assignment` is theirs."""

    def __init__(self, assignment):
        super().__init__(
            f"{named(assignment.by)}已于 {timezone.localtime(assignment.claimed_at):%H:%M} "
            "领办了这件，正在办理。请先与对方商量，需要时点「接手」。",
            code="held_by_other",
        )
        self.assignment = assignment


def of(case):
    """The keyword by which an `Assignment` names `case`."""
    return {_FIELDS[type(case)]: case}


def _person_id(case):
    """The key of the person that `case` concerns."""
    if isinstance(case, FormalLoss):
        return case.card.holder_id
    return case.ward_id if isinstance(case, Guardianship) else case.holder_id


def record(*, case, action, by, at, facts, reason=""):
    """Write down what `by` did with `case` apart from deciding it: a `CaseAction`."""
    return events.record(
        kind=_KINDS[type(case)],
        action=action,
        by=by,
        role=Role.REVIEWER,
        at=at,
        channel=Channel.ADMIN,
        subject_id=case.pk,
        reference=case.reference,
        holder_id=_person_id(case),
        reason=reason,
        facts=facts,
    )


def holder_of(case, *, at):
    """The live `Assignment` of `case` at the moment `at`, or None."""
    return Assignment.objects.live(at).filter(**of(case)).select_related("by__holder").first()


def check_may_decide(*, case, by, at):
    """Raise `MayNotReview` unless `by` is a reviewer with no part in `case`."""
    check_is_reviewer(by)
    is_claim = isinstance(case, Guardianship)
    check_is_no_party(by, case, what="登记" if is_claim else "申请", verb="办理")


def is_open(case):
    """Whether there is anything left to decide on `case`."""
    if isinstance(case, CardRequest):
        return case.status in OPEN_REQUEST
    if isinstance(case, FormalLoss):
        return case.is_open
    return case.is_waiting


@transaction.atomic
def claim(*, case, by, at):
    """Hold `case`, or hold it longer.

    Raises `HeldByOther`, `MayNotReview` for a party, and `Refused` when nothing is left to decide.
    """
    row = _locked(case, by=by, at=at)
    if row is not None and row.is_live(at):
        if row.by_id != by.pk:
            raise HeldByOther(row)
        Assignment.objects.filter(pk=row.pk).update(lapses_at=at + settings.REVIEW_CLAIM_LIFETIME)
        return
    _hold(case, by=by, at=at)


def _locked(case, *, by, at):
    """The `Assignment` of `case`, lapsed or not, or None, with the case locked.

    So a claim and a decision come one after the other: whoever is second sees what the first did.
    Raises `MayNotReview` and `Refused` as `claim`.
    """
    check_may_decide(case=case, by=by, at=at)
    if not is_open(type(case)._default_manager.select_for_update().get(pk=case.pk)):
        raise Refused("这件已有决定，不需要领办。请刷新页面，查看最新状态。", code="not_open")
    return Assignment.objects.filter(**of(case)).select_related("by__holder").first()


def _hold(case, *, by, at):
    Assignment.objects.update_or_create(
        **of(case),
        defaults={
            "by": by,
            "claimed_at": at,
            "lapses_at": at + settings.REVIEW_CLAIM_LIFETIME,
        },
    )


def claim_first(*, cases, by, at):
    """Claim the first of `cases` (a queryset in order) that is free; returns it, or None."""
    taken = Assignment.objects.live(at).exclude(by=by)
    for case in cases.exclude(assignment__in=taken)[:20]:
        try:
            claim(case=case, by=by, at=at)
        except Refused:
            continue
        return case
    return None


def release(*, case, by, at):
    """Give `case` back. A case that `by` does not hold stays as it is."""
    Assignment.objects.filter(**of(case), by=by).delete()


@transaction.atomic
def take_over(*, case, by, at):
    """Hold a case that a colleague holds; that is written down.

    Raises `MayNotReview` for a party, and `Refused` when nothing is left to decide.
    """
    row = _locked(case, by=by, at=at)
    if row is not None and row.is_live(at) and row.by_id != by.pk:
        record(
            case=case,
            action=CaseAction.TAKE_OVER,
            by=by,
            at=at,
            facts={"case": _FIELDS[type(case)], "from": row.by.employee_number},
        )
    _hold(case, by=by, at=at)


def end(*, requests):
    """End the claims of the requests with these keys: they were decided together.

    Call it in the transaction of the decision, which has made sure that no colleague holds one.
    """
    Assignment.objects.filter(request__in=requests).delete()


def finish(*, case, by, at):
    """The claim of a case that `by` decides ends with the decision; call it in its transaction.

    One that lapsed while nobody else wanted the case still counts. Raises `NotClaimed` and
    `HeldByOther`.
    """
    row = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("by__holder")
        .filter(**of(case))
        .first()
    )
    if row is None or (row.by_id != by.pk and not row.is_live(at)):
        raise NotClaimed(
            "您还没有领办这件，或领办已经失效。请先点「领办」，再作决定。", code="not_claimed"
        )
    if row.by_id != by.pk:
        raise HeldByOther(row)
    row.delete()
