"""Which ways a card can go, until when its address may be changed, and why not later."""

from django.conf import settings

from apps.cards.enums import RequestStatus
from apps.common.refusals import Refused
from apps.delivery.enums import DeliveryMethod

BEFORE_PAYMENT = (RequestStatus.SUBMITTED,)
# Paid, and the card is not sent yet: the address may change within the tier that was paid.
AFTER_PAYMENT = (
    RequestStatus.PAID,
    RequestStatus.ACCEPTED,
    RequestStatus.NEEDS_AMENDMENT,
    RequestStatus.APPROVED,
)


class TooLateToChange(Refused):
    """The card is made or on its way, or the request has ended."""


class NotOffered(Refused):
    """The unit does not collect the cards of this city."""


def methods_for(card_request, *, at):
    """The `DeliveryMethod`s from which `card_request` may choose at the moment `at`.

    Whether the unit collects the cards of its city says the rule that it was judged by. A way that
    was chosen before stays.
    """
    offered = card_request.is_collected_by_unit or card_request.rule_at(at).is_collected_by_unit
    return [one for one in DeliveryMethod if offered or one != DeliveryMethod.UNIT]


def check_offered(*, card_request, method, at):
    """Raise `NotOffered` unless `card_request` may choose `method` at the moment `at`."""
    if method not in methods_for(card_request, at=at):
        raise NotOffered(
            f"{card_request.city.name}的卡不由单位统一领取，请选择其他方式。", code="not_offered"
        )


def check_open(*, card_request):
    """Raise `TooLateToChange` unless the address for `card_request` may be given or changed."""
    if card_request.is_draft:
        raise TooLateToChange("申请还没有提交。请先提交申请，再填写收件信息。", code="draft")
    if card_request.status not in (*BEFORE_PAYMENT, *AFTER_PAYMENT):
        raise TooLateToChange(
            f"这件申请现在是「{card_request.get_status_display()}」，不能再修改收件信息。"
            f"有疑问请联系{settings.PORTAL_OPERATOR['contact']}。",
            code="too_late",
            row=card_request,
        )


def is_settled(card_request):
    """Whether the postage of `card_request` is settled, so that the tier of its address stays."""
    return card_request.status in AFTER_PAYMENT
