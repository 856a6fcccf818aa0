"""The second approval of a risky request (复核), if the setting asks for one.

The first approval is a `FirstApproval`, which counts while the request is as it was then. Whether a
second one is needed is computed when it is needed and not stored.
"""

from django.conf import settings
from django.db.models import Exists, OuterRef

from apps.cards.enums import RequestStatus
from apps.common.refusals import Refused
from apps.desk import roles
from apps.desk.colleagues import named
from apps.review.models import FirstApproval
from apps.risks import finding as risks

OWN, ANY = "own", "any"


class NeedsAnother(Refused):
    """This reviewer may not give the second approval."""


def first_of(card_request):
    """The `FirstApproval` after which `card_request` waits for a second reviewer, or None.

    A `FirstApproval` with another `status_since` no longer counts.
    """
    if not settings.REVIEW_SECOND_REVIEW:
        return None
    return (
        FirstApproval.objects.filter(
            card_request=card_request, status_since=card_request.status_since
        )
        .select_related("by__holder")
        .first()
    )


def pending(requests):
    """Those of `requests` that wait for a second reviewer."""
    if not settings.REVIEW_SECOND_REVIEW:
        return requests.none()
    return requests.filter(Exists(_current()), status=RequestStatus.ACCEPTED)


def offered_to(user, requests):
    """`requests` without those of which `user` may not give the second approval."""
    return offered(requests, kind_of(user), account=user.pk)


def kind_of(user):
    """Whose first approvals `user` may not follow: `OWN`, `ANY`, or "" without a second review."""
    if not settings.REVIEW_SECOND_REVIEW:
        return ""
    return OWN if user.has_perm(roles.SECOND_REVIEW) else ANY


def offered(requests, kind, *, account):
    """`offered_to` a reviewer with the key `account`, of whom `kind_of` says `kind`."""
    return requests.exclude(Exists(_not_followed(kind, account))) if kind else requests


def withheld(requests, kind, *, account):
    """What `offered` leaves out of `requests`."""
    return requests.filter(Exists(_not_followed(kind, account))) if kind else requests.none()


def _not_followed(kind, account):
    return _current().filter(by=account) if kind == OWN else _current()


def _current():
    return FirstApproval.objects.filter(
        card_request=OuterRef("pk"), status_since=OuterRef("status_since")
    )


def check_may_follow(card_request, first, *, by):
    """Raise `NeedsAnother` unless `by` may approve `card_request` after `first`, or None."""
    if first is None or not risks.of(card_request):
        return
    if first.by_id == by.pk:
        raise NeedsAnother(
            "您已初审通过这件申请，需要由另一位有复核权限的同事复核。", code="needs_another"
        )
    if not by.has_perm(roles.SECOND_REVIEW):
        raise NeedsAnother(
            f"{named(first.by)}已初审通过这件申请，需要由有复核权限的同事复核。",
            code="needs_another",
        )
