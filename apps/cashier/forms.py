from django import forms

from apps.cashier.enums import AfterPayment, TradeStatus

ABANDON = "abandon"


class PaidForm(forms.Form):
    """What else may become of a trade that is paid."""

    what = forms.ChoiceField(choices=AfterPayment)


class CashierForm(forms.Form):
    """What the payer does, and how the notification is to behave."""

    outcome = forms.ChoiceField(
        choices=[
            (TradeStatus.TRADE_SUCCESS, "支付成功"),
            (TradeStatus.TRADE_FAILED, "支付失败"),
            (ABANDON, "放弃支付"),
        ]
    )
    delay_seconds = forms.TypedChoiceField(
        label="支付通知",
        coerce=int,
        initial=0,
        choices=[(0, "立即发出"), (10, "晚 10 秒"), (60, "晚 60 秒")],
    )
    refuses_refund = forms.BooleanField(label="以后退款时拒绝（商户余额不足）", required=False)
    is_repeated = forms.BooleanField(label="同一通知发三遍", required=False)
