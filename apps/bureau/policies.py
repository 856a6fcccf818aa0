"""Which approvals can be recalled, and which quarantined lines can be settled."""

from apps.bureau.models import ProductionOrder
from apps.cards.policies import party_refusal
from apps.common.refusals import Refused
from apps.people.permissions import near_keys
from apps.requests.policies import recallable_until


class TooLateToRecall(Refused):
    """The approval can't be recalled any more: the time is over, or the bureau has the request."""


def why_not_recallable(requests, *, by, at):
    """{pk: the `Refused`} for those of `requests` (locked rows) that `by` cannot recall.

    `by` is a reviewer. Costs a fixed number of queries.
    """
    ordered = set(_ordered(requests).values_list("card_request", flat=True))
    near = near_keys(requests, by)
    found: dict[int, Refused] = {}
    for card_request in requests:
        refusal = _too_late(card_request, is_ordered=card_request.pk in ordered, at=at)
        if refusal:
            found[card_request.pk] = refusal
        elif card_request.pk in near:
            found[card_request.pk] = party_refusal()
    return found


def _ordered(requests):
    return ProductionOrder.objects.live().filter(card_request__in=requests)


def _too_late(card_request, *, is_ordered, at):
    if is_ordered:
        return TooLateToRecall("这件申请已经送往制卡中心，不能再撤回。", code="at_the_bureau")
    until = recallable_until(card_request)
    if until is not None and at >= until:
        return TooLateToRecall(
            "撤回的时间已过，这件申请马上送往制卡中心，不能再撤回。", code="too_late"
        )
    return None


def check_recallable(card_request, *, at):
    """Raise `TooLateToRecall` when the approval of `card_request` can't be recalled any more."""
    refusal = _too_late(card_request, is_ordered=_ordered([card_request]).exists(), at=at)
    if refusal:
        raise refusal


def check_held(order):
    """Raise `Refused` unless `order` is on hold."""
    if not order.is_held:
        raise Refused("这张制卡单没有搁置，或已经处理过了，请刷新页面查看。", code="not_held")
