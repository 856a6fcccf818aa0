"""What is allowed now with a request, beyond the table of moves."""

from datetime import timedelta
from functools import reduce
from operator import or_

from django.conf import settings
from django.db.models import Value

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.lifecycle import RECALLABLE, REQUEST
from apps.common.moments import day_of
from apps.common.refusals import Refused, check_reason
from apps.common.rules import rule_text
from apps.lifecycle.refusals import NotAllowed
from apps.requests import registry

# A recall that was asked for at the last moment is written by then.
RECALL_TAKES = timedelta(seconds=10)

# Kind of request → (check, what it asks for). The matters fill it in `AppConfig.ready`.
_SUBMISSION_CHECKS: dict = {}


def register_submission_check(kind, check, *, asks):
    """Have `check(card_request=…, at=…)` called when a request of `kind` is submitted.

    It raises the `Refused` of its matter. `asks(card_request=…)` is what it asks the database for,
    to be read together with others (apps/queries/together.py). Where it locks the rows that it
    reads it is atomic: in the transaction of the submission they stay locked up to its end.
    """
    _SUBMISSION_CHECKS[kind] = check, asks


# Finds the requests that a reviewer reads now: ([requests], at → {pk: `Refused`}, at → expression).
# The desk adds its own in `AppConfig.ready`.
_READERS: list = []


def register_readers(find, may_find):
    """Have `find(requests, at=…)` asked which of the list `requests` a reviewer reads at `at`.

    It returns {pk: the `Refused` for the applicant}, with a fixed number of queries. `may_find(at)`
    is an expression over requests that is true of all that it finds, and perhaps of more.
    """
    _READERS.append((find, may_find))


def may_be_read(at):
    """The expression over requests by which a page sees that `under_review` finds nothing."""
    return reduce(or_, (may_find(at) for _, may_find in _READERS), Value(False))


def under_review(requests, *, at):
    """{pk: why the applicant cannot take it back} for those that a reviewer reads at `at`."""
    found: dict[int, Refused] = {}
    for find, _ in _READERS:
        found |= find(requests, at=at)
    return found


def check_reopenable(card_request, *, read):
    """Raise `Refused` unless the applicant may take `card_request` back to change it.

    `read` is what `under_review` found for it, or None.
    """
    if card_request.status not in REQUEST.moves[RequestAction.REOPEN].sources:
        raise NotAllowed(
            f"这件申请现在是「{card_request.get_status_display()}」，不能自行修改。",
            code="wrong_status",
            row=card_request,
            next_step=("查看制卡进度", card_request.get_absolute_url()),
        )
    if read is not None:
        raise read


def check_resumable(amendment):
    """Raise `NotAllowed` unless `amendment`, the open one or None, is the applicant's own."""
    if amendment is None or not amendment.is_own:
        raise NotAllowed("审核老师请您修改的内容，要修改后才能继续审核。", code="asked_for")


def check_fields(names):
    """Raise `Refused` unless `names` are fields that can be changed after the submission."""
    if not names:
        raise Refused("请勾选要修改的内容。", code="no_items")
    if not set(names) <= set(registry.amendable()):
        raise Refused("这一项不能由申请人修改。", code="not_amendable")


def asks_own_contact(card_request, *, at):
    """Whether a person who has turned 16 has to give phone and address before it is paid.

    So far they are those of the guardian who handed it in. Select `holder` and `particulars` along.
    """
    is_own = card_request.particulars.saved_by_id == card_request.holder.user_id
    return card_request.awaits_payment and card_request.is_handed_over(at) and not is_own


def check_submittable(*, card_request, at):
    """Raise the `Refused` of the matter unless `card_request` can still be submitted at `at`."""
    check, _ = _SUBMISSION_CHECKS[card_request.kind]
    check(card_request=card_request, at=at)


def asks_submittable(card_request):
    """What `check_submittable` asks for, to be read together with others."""
    _, asks = _SUBMISSION_CHECKS[card_request.kind]
    return asks(card_request=card_request)


def check_own_draft(card_request, *, at):
    """Raise `NotAllowed` if a guardian filled the draft in and the person has turned 16 since."""
    if card_request.begins_anew(at):
        raise NotAllowed(
            f"您已满{rule_text('GUARDIAN_UNTIL_AGE')}，监护人填写的草稿不再使用，"
            "请从「社会保障卡申领」由您本人重新开始。",
            code="begins_anew",
        )


def check_collectable(card_request):
    """Raise `NotAllowed` unless the holder of `card_request` is the one who says it has arrived.

    A card that the unit hands out is collected when it is handed over.
    """
    if card_request.status != RequestStatus.DISPATCHED:
        raise NotAllowed(
            f"这件申请现在是「{card_request.get_status_display()}」，不能确认领卡。",
            code="wrong_status",
            row=card_request,
        )
    if card_request.is_collected_by_unit:
        raise NotAllowed(
            "单位统一领取的卡，交到您手里时由经办人登记，您不用确认。", code="handed_out"
        )


def last_day_to_pay(card_request):
    """The day up to whose end a submitted `card_request` can be paid for."""
    return day_of(card_request.status_since) + settings.UNPAID_LAPSE


def last_day_to_confirm(card_request):
    """The day after whose end a card that was sent counts as received, also unconfirmed."""
    return day_of(card_request.promised_from) + settings.COLLECT_AFTER


def recallable_until(card_request):
    """The moment up to which the decision on `card_request` can be recalled; None without one.

    `apps.recall.policies` also checks whether somebody has acted on it already.
    """
    if card_request.status not in RECALLABLE:
        return None
    return card_request.status_since + settings.DECISION_UNDO_WINDOW


def settled_after():
    """How long after a decision nobody can recall it any more, nor is about to have recalled it.

    What cannot be recalled itself, a message or money, waits so long.
    """
    window = settings.DECISION_UNDO_WINDOW
    return window + RECALL_TAKES if window else window


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
