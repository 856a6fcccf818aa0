"""A reviewer's decision on a request, or on the registration of a child.

A decision names the moment since which the case was in the status that the reviewer saw
(`seen_since`). The row is locked before that moment is compared, so nobody decides blindly on a
case that was changed or decided by somebody else in between; the refusal says by whom and when.
"""

from django.conf import settings
from django.db import transaction

from apps.cards.enums import RequestAction
from apps.cards.models import CardRequest
from apps.cards.permissions import check_is_reviewer
from apps.common.refusals import Refused
from apps.common.templatetags.formats import moment
from apps.desk.claims import services as claims
from apps.desk.colleagues import named
from apps.desk.event_kinds import CaseAction
from apps.events.enums import Role
from apps.guardianships import services as guardianships
from apps.inquiries.policies import check_answered
from apps.recall import services as recalling
from apps.requests import services as requests
from apps.review import second_review
from apps.review.models import FirstApproval
from apps.risks import finding as risks


class Decided(Refused):
    """Another reviewer has decided already; `event` is that decision.

    `in_list` is the sentence beside a row, where nobody has the page of the case open.
    """

    def __init__(self, event):
        self.in_list = (
            f"{named(event.by)}已于 {moment(event.at)} 办理了这件申请："
            f"「{RequestAction(event.action).label}」。"
        )
        super().__init__(f"{self.in_list}您的决定没有提交，请查看最新状态。", code="decided")
        self.event = event


class Changed(Refused):
    """The case has changed since the reviewer saw it; `event` is what happened.

    `in_list` is as of `Decided`.
    """

    def __init__(self, event):
        what = f"这件申请在 {moment(event.at)} 有了变化：「{RequestAction(event.action).label}」。"
        self.in_list = f"列出来以后，{what}这次没有办，请单独打开看。"
        super().__init__(f"您打开页面之后，{what}请重新查看下面的内容，再作决定。", code="changed")
        self.event = event


@transaction.atomic
def approve(*, card_request, seen_since, by, at):
    """Approve the request, or record the first of the two approvals that it needs.

    Returns the `FirstApproval` if it was only the first one, else None. Raises `Decided`,
    `Changed`, `NeedsAnother`, `Unanswered`, as `claims.finish` and as `requests.approve`.
    """
    row = as_seen(card_request=card_request, seen_since=seen_since)
    check_answered(row)
    claims.finish(subject=row, by=by, at=at)
    first = record_first(card_request=row, by=by, at=at)
    if first is None:
        requests.approve(card_request=row, by=by, at=at)
    return first


@transaction.atomic
def record_first(*, card_request, by, at):
    """Record an approval by `by` that is only the first of two. Returns its `FirstApproval`.

    Returns None if no second approval is needed, or if this is the second one. Call it in the
    transaction that has locked `card_request` and ended the claim of `by`. Whoever holds a claim is
    no party. Raises `NeedsAnother` and `MayNotReview`.
    """
    present = risks.of(card_request) if settings.REVIEW_SECOND_REVIEW else []
    if not present:
        return None
    check_is_reviewer(by)
    first = second_review.first_of(card_request)
    second_review.check_may_follow(card_request, first, by=by)
    if first is not None:
        return None
    claims.record(
        subject=card_request,
        action=CaseAction.FIRST_APPROVAL,
        by=by,
        at=at,
        facts={"risks": [risk.code for risk in present]},
    )
    return FirstApproval.objects.create(
        card_request=card_request, status_since=card_request.status_since, by=by, at=at
    )


@transaction.atomic
def recall(*, card_request, seen_since, by, at):
    """Recall the decision that was made at `seen_since`.

    Raises `Decided`, `Changed`, and as `recalling.recall`.
    """
    recalling.recall(
        card_request=as_seen(card_request=card_request, seen_since=seen_since), by=by, at=at
    )


@transaction.atomic
def request_amendment(*, card_request, items, due_date, seen_since, by, at):
    """Ask the applicant to change `items` by `due_date`. Raises as `approve`."""
    row = as_seen(card_request=card_request, seen_since=seen_since)
    claims.finish(subject=row, by=by, at=at)
    requests.request_amendment(card_request=row, items=items, due_date=due_date, by=by, at=at)


@transaction.atomic
def reject(*, card_request, reason, seen_since, by, at):
    """Reject the request. A payment is refunded (`payments.refunds`). Raises as `approve`."""
    row = as_seen(card_request=card_request, seen_since=seen_since)
    claims.finish(subject=row, by=by, at=at)
    requests.reject(card_request=row, reason=reason, by=by, at=at)


def as_seen(*, card_request, seen_since):
    """The request, locked; raises `Decided` or `Changed` unless it is as it was at `seen_since`."""
    row = CardRequest.held(card_request.pk)
    if row.status_since != seen_since:
        raise why_changed(card_request=row)
    return row


def why_changed(*, card_request):
    """The `Decided` or `Changed` that tells what happened to `card_request` last."""
    event = card_request.events.select_related("by__holder").last()
    return Decided(event) if event.role == Role.REVIEWER else Changed(event)


@transaction.atomic
def confirm_guardianship(*, guardianship, by, at):
    """Confirm a registered guardianship. Raises as `claims.finish` and `guardianships.confirm`."""
    guardianships.confirm(guardianship=guardianship, by=by, at=at)
    claims.finish(subject=guardianship, by=by, at=at)


@transaction.atomic
def refuse_guardianship(*, guardianship, reason, by, at):
    """Refuse a registered guardianship with a reason. Raises as `confirm_guardianship`."""
    guardianships.refuse(guardianship=guardianship, reason=reason, by=by, at=at)
    claims.finish(subject=guardianship, by=by, at=at)
