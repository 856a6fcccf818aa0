"""What is allowed now with a request, beyond the table of moves."""

from django.conf import settings

from apps.cards.enums import RequestStatus

# By the kind of the request. The matters fill it, in `AppConfig.ready`.
_SUBMISSION_CHECKS: dict = {}


def register_submission_check(kind, check):
    """`check(request=…, at=…)` judges a request of `kind` once more when it is handed in.

    It raises the `Refused` of its matter. It runs in the transaction of the submission, so that
    it can lock what the judgement rests on.
    """
    _SUBMISSION_CHECKS[kind] = check


def check_submittable(*, card_request, at):
    """Raise the `Refused` of the matter unless `card_request` can still be handed in at `at`."""
    _SUBMISSION_CHECKS[card_request.kind](card_request=card_request, at=at)


def recallable_until(card_request):
    """The moment up to which the approval of `card_request` can be recalled; None without one.

    Only `apps.bureau.policies` knows whether the bureau was faster.
    """
    if card_request.status != RequestStatus.APPROVED:
        return None
    return card_request.status_since + settings.APPROVAL_UNDO_WINDOW
