"""What is allowed now with a request that was handed in, beyond the table of moves."""

from apps.lifecycle.refusals import NotAllowed
from apps.people.enums import ConsentKind
from apps.people.refusals import ConsentRefused


def check_not_withdrawn(kinds):
    """Raise `ConsentRefused` when texts that a card needs are among `kinds`, the withdrawn ones."""
    missing = [kind for kind in kinds if kind != ConsentKind.FACE]
    if missing:
        names = "、".join(f"《{kind.label}》" for kind in missing)
        raise ConsentRefused(
            f"您已撤回对{names}的同意，不能提交。要继续办理，请回到办事指南重新勾选同意。",
            code="withdrawn",
        )


def check_withdrawable(card_request):
    """Raise `NotAllowed` unless `card_request` waits for its payment."""
    if not card_request.awaits_payment:
        raise NotAllowed(
            f"这件申请现在是「{card_request.get_status_display()}」，不能撤销。"
            "支付成功后，如需停办，请联系人事处社保窗口。",
            code="wrong_status",
        )
