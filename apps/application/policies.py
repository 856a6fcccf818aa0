"""What is allowed now with a request that was handed in, beyond the table of moves."""

from apps.lifecycle.refusals import NotAllowed


def check_withdrawable(card_request):
    """Raise `NotAllowed` unless `card_request` waits for its payment."""
    if not card_request.awaits_payment:
        raise NotAllowed(
            f"这件申请现在是「{card_request.get_status_display()}」，不能撤销。"
            "支付成功后，如需停办，请联系人事处社保窗口。",
            code="wrong_status",
        )
