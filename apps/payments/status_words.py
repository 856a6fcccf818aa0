"""The words for the payer: one entry for each status of an order, and each kind of discrepancy."""

from dataclasses import dataclass, replace

from apps.payments.enums import BY_BILL, DiscrepancyKind, PaymentAction, PaymentStatus


@dataclass(frozen=True)
class StatusWords:
    """What pages show about an order.

    `icon`, `badge`, `title` and `text` stand on the result page, `note` on that of the order.
    `line` and `text` are the two lines about money that goes back, on every page. All may name the
    `{amount}` in yuan, what became of the request `{afterwards}`, and of a refund its `{reason}`,
    when it `{begins}`, the day on which it `{arrives}` at the latest, when it was `{refunded}`, the
    `{operator}` to ask, and the `{settlement}`. `again` are the words of the offer to pay, `hint`
    the sentence beside it.
    """

    icon: str
    title: str
    text: str = ""
    badge: str = ""
    note: str = ""
    line: str = ""
    again: str = "重新支付"
    hint: str = ""

    def of(self, **values):
        """The same with the values of one order filled in."""
        filled = {name: getattr(self, name).format(**values) for name in ("text", "note", "line")}
        return replace(self, **filled)


_ASK = "没有收到的，请联系{operator}。"
_WAITING = StatusWords("clock", "正在确认支付结果", again="继续支付")
_RETURNED = StatusWords(
    "refresh",
    "款项已退回",
    "{reason}。已付的 {amount} 元已于 {refunded} 原路退回。请在付款账户中查看，" + _ASK,
    note="已原路退回 {amount} 元，请在付款账户中查看。" + _ASK,
    line="{amount} 元已退回",
)
SHOWN = {
    PaymentStatus.CREATED: _WAITING,
    PaymentStatus.PENDING: _WAITING,
    PaymentStatus.PAID: StatusWords(
        "check",
        "支付成功",
        "已支付 {amount} 元。{afterwards}",
        badge="ok",
    ),
    PaymentStatus.FAILED: StatusWords(
        "alert",
        "支付没有成功",
        "没有扣款，您的申请和收件信息都已保存。",
        note="上次付款没有成功，没有扣款。",
        again="再付一次",
        hint="您可以再付一次，订单号不变。",
    ),
    PaymentStatus.CLOSED: StatusWords(
        "clock",
        "订单已关闭",
        "这个订单没有付款，已经关闭。",
        note="这个订单没有付款，已经关闭。",
    ),
    PaymentStatus.REFUNDING: StatusWords(
        "refresh",
        "款项正在原路退回",
        "{reason}。已付的 {amount} 元将原路退回。最迟 {arrives}到账，到时" + _ASK,
        note="正在原路退款 {amount} 元，最迟 {arrives}到账。到时" + _ASK,
        line="{amount} 元正在退回",
    ),
    PaymentStatus.STALLED: StatusWords(
        "alert",
        "退款没有退成，人事处正在处理",
        "{reason}。支付平台没有退成 {amount} 元，现在由人事处处理，退成后会通知您。"
        "着急的，请联系{operator}。",
        note="支付平台没有退成 {amount} 元，现在由人事处处理，退成后会通知您。"
        "着急的，请联系{operator}。",
        line="{amount} 元没有退成，人事处正在处理",
    ),
    PaymentStatus.REFUNDED: _RETURNED,
}
# The request was rejected just now, and the rejection can still be recalled.
REFUND_AHEAD = StatusWords(
    "clock",
    "款项将原路退回",
    "{reason}。已付的 {amount} 元将原路退回：{begins} 后开始办理，最迟 {arrives}到账。"
    "这以前人事处撤回决定的，申请继续办理，款项不退。",
    note="{amount} 元将原路退回：{begins} 后开始办理，最迟 {arrives}到账。"
    "这以前人事处撤回决定的，申请继续办理，款项不退。",
    line="{amount} 元将退回",
)
# The day on which it should have arrived is over.
LATE_REFUND = StatusWords(
    "alert",
    "退款超期，人事处正在处理",
    "{reason}。已付的 {amount} 元应在 {arrives}到账，现在还没有退成，由人事处向支付平台办理，"
    "退成后会通知您。着急的，请联系{operator}。",
    note="应在 {arrives}到账的 {amount} 元还没有退成，由人事处向支付平台办理，退成后会通知您。"
    "着急的，请联系{operator}。",
    line="{amount} 元的退款已超期，人事处正在处理",
)
# Given back by a person, on another way than through the gateway.
SETTLED_BY_HAND = replace(
    _RETURNED,
    text="{reason}。{amount} 元由人事处另外退还：{settlement}。" + _ASK,
    note="{amount} 元由人事处另外退还：{settlement}。" + _ASK,
)
# What 办理记录 tells of a payment: money that goes back. That it arrived is told of the request.
RECORDED = {
    PaymentAction.RETURN: SHOWN[PaymentStatus.REFUNDING].text,
    PaymentAction.REFUND: SHOWN[PaymentStatus.REFUNDING].text,
    PaymentAction.STALL_REFUND: "支付平台没有退成，由人事处处理。着急的，请联系{operator}。",
    PaymentAction.RETRY_REFUND: "人事处请支付平台再退一次。" + _ASK,
    PaymentAction.FINISH_REFUND: _RETURNED.text,
    PaymentAction.SETTLE_REFUND: SETTLED_BY_HAND.text,
    PaymentAction.GATEWAY_REFUND: _RETURNED.text,
}


@dataclass(frozen=True)
class DiscrepancyWords:
    """What the payer reads about money that matches no order: `found` while it is open."""

    found: str = ""

    def told(self, *, settlement, later="", **values):
        """The sentences; `later` is what became of it, where nobody has to look at it any more."""
        if settlement:
            return f"{self.found.format(**values)}人事处已办结：{settlement.rstrip('。')}。"
        if later:
            return f"{self.found.format(**values)}{later}。"
        return (
            f"{self.found.format(**values)}人事处正在核对，有结果会通知您。"
            f"着急的，请联系{values['operator']}。"
        )


DISCREPANCIES = {
    DiscrepancyKind.SECOND_TRADE: DiscrepancyWords(
        "同一个订单收到了第二笔付款 {amount} 元（交易号 {trade_number}），多付的会退还。"
    ),
    DiscrepancyKind.OTHER_AMOUNT: DiscrepancyWords(
        "收到一笔 {amount} 元的付款，与订单的金额不同。"
    ),
    DiscrepancyKind.TRADE_NUMBER: DiscrepancyWords(
        "收到一笔 {amount} 元的付款，支付平台的交易号对不上。"
    ),
    # Nobody of ours is meant, so nobody reads it.
    DiscrepancyKind.UNKNOWN_ORDER: DiscrepancyWords(),
    DiscrepancyKind.REFUNDED_THERE: DiscrepancyWords(
        "支付平台退回了已付的 {amount} 元，申请还在办理。"
    ),
    DiscrepancyKind.PARTLY_REFUNDED: DiscrepancyWords("支付平台退回了已付款中的 {amount} 元。"),
    DiscrepancyKind.BACK_TWICE: DiscrepancyWords(
        "这笔款人事处已另外退还，支付平台后来又退回了 {amount} 元。"
    ),
    **dict.fromkeys(BY_BILL, DiscrepancyWords()),
}
