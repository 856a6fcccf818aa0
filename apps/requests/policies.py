"""What is allowed now with a request, beyond the table of moves."""

from django.conf import settings

from apps.cards.enums import RequestStatus
from apps.common.moments import day_of, start_of
from apps.common.refusals import Refused, check_reason
from apps.common.rules import rule_text
from apps.lifecycle.refusals import NotAllowed
from apps.requests import registry

# Kind of request → check. The matters fill it in `AppConfig.ready`.
_SUBMISSION_CHECKS: dict = {}


def register_submission_check(kind, check):
    """Have `check(card_request=…, at=…)` called when a request of `kind` is submitted.

    It raises the `Refused` of its matter. It runs in the transaction of the submission, so that
    it can lock the rows that it reads.
    """
    _SUBMISSION_CHECKS[kind] = check


def check_submittable(*, card_request, at):
    """Raise the `Refused` of the matter unless `card_request` can still be submitted at `at`."""
    _SUBMISSION_CHECKS[card_request.kind](card_request=card_request, at=at)


def check_own_draft(card_request, *, at):
    """Raise `NotAllowed` if a guardian filled the draft in and the person has turned 16 since."""
    if card_request.begins_anew(at):
        raise NotAllowed(
            f"您已满{rule_text('GUARDIAN_UNTIL_AGE')}，监护人填写的草稿不再使用，"
            "请从「社会保障卡申领」由您本人重新开始。",
            code="begins_anew",
        )


def check_collectable(card_request):
    """Raise `NotAllowed` unless the card of `card_request` is on its way to its holder."""
    if card_request.status != RequestStatus.DISPATCHED:
        raise NotAllowed(
            f"这件申请现在是「{card_request.get_status_display()}」，不能确认领卡。",
            code="wrong_status",
        )


def last_day_to_pay(card_request):
    """The day up to whose end a submitted `card_request` can be paid for."""
    return day_of(card_request.status_since) + settings.UNPAID_LAPSE


def unpaid_since(at):
    """What was submitted before this moment has passed its `last_day_to_pay` at the moment `at`."""
    return start_of(day_of(at) - settings.UNPAID_LAPSE)


def recallable_until(card_request):
    """The moment up to which the approval of `card_request` can be recalled; None without one.

    `apps.bureau.policies` also checks whether the bureau has it already.
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
        label = amendable[item["field"]].label
        check_reason(item["reason"], f"请写明「{label}」需要修改的原因。")


def check_opened(values, *, fields):
    """Raise `Refused` when `values` (column → value) touches more than the amendable `fields`."""
    opened = {column for name in fields for column in registry.get(name).all_columns}
    if set(values) - opened:
        raise Refused("只能修改审核老师列出的内容。", code="field_not_open")
