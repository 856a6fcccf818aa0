"""What is allowed now with a request, beyond the table of moves."""

from django.conf import settings

from apps.cards.enums import RequestStatus
from apps.common.refusals import Refused
from apps.requests import registry

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


def check_amendment(items):
    """Raise `Refused` unless `items`, a list of {"field", "reason"}, can be asked for."""
    if not items:
        raise Refused("请至少选择一项需要修改的内容。", code="no_items")
    amendable = registry.amendable()
    for item in items:
        if item["field"] not in amendable:
            raise Refused("这一项不能由申请人修改。", code="not_amendable")
        if not item["reason"].strip():
            label = amendable[item["field"]].label
            raise Refused(f"请写明「{label}」需要修改的原因。", code="no_reason")


def check_opened(values, *, fields):
    """Raise `Refused` when `values` (column → value) touches more than the amendable `fields`."""
    opened = {column for name in fields for column in registry.get(name).all_columns}
    if set(values) - opened:
        raise Refused("只能修改审核老师列出的内容。", code="field_not_open")
