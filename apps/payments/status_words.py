"""The words for the payer about an order: one entry for each status."""

from dataclasses import dataclass, replace

from apps.payments.enums import PaymentStatus


@dataclass(frozen=True)
class StatusWords:
    """What the result page and the page of the order show.

    `icon`, `badge`, `title` and `text` stand on the result page, `note` on that of the order. Both
    texts may name the `{amount}` in yuan and the `{reason}` of a refund. `again` are the words of
    the offer to pay, `hint` the sentence beside it.
    """

    icon: str
    title: str
    text: str = ""
    badge: str = ""
    note: str = ""
    again: str = "重新支付"
    hint: str = ""

    def of(self, *, amount, reason):
        """The same with the amount and the reason of one order filled in."""
        text, note = (
            words.format(amount=amount, reason=reason) for words in (self.text, self.note)
        )
        return replace(self, text=text, note=note)


_WAITING = StatusWords("clock", "正在确认支付结果", again="继续支付")
_GOES_BACK = "{reason}。金额 {amount} 元。"
SHOWN = {
    PaymentStatus.CREATED: _WAITING,
    PaymentStatus.PENDING: _WAITING,
    PaymentStatus.PAID: StatusWords(
        "check",
        "支付成功",
        "已支付 {amount} 元，申请马上受理，您不用再做什么。",
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
        _GOES_BACK,
        note="正在原路退款 {amount} 元，您不用做什么。退款到账后，这里会显示退款时间。",
    ),
    PaymentStatus.REFUNDED: StatusWords(
        "refresh",
        "款项已原路退回",
        _GOES_BACK,
        note="已原路退回 {amount} 元，请在付款账户中查看。",
    ),
}
