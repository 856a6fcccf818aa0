"""What is typed at the desk about money."""

from django import forms

from apps.desk.fields import LineField
from apps.payments.enums import GatewayName, PaymentStatus
from apps.regions.models import City
from apps.typed_text.inputs import DayField, YuanField
from apps.typed_text.plain_text import compact
from apps.unsent.held_uploads import HeldDocumentInput, HeldFileField


class SettleForm(forms.Form):
    """How a refund or a discrepancy was settled; the applicant reads it."""

    prefix = "settle"

    settlement = LineField(
        label="怎样办结的",
        help_text="申请人也会看到，例如「已由财务转到工资卡」。请不要写个人信息。",
        asked="请写明怎样办结的，申请人也会看到。",
    )


class NoteForm(forms.Form):
    """What has been done so far; only the desk reads it."""

    prefix = "note"

    text = LineField(
        label="办到哪一步",
        help_text="只有审核后台看得到，例如「已请财务向商户账户充值」。",
        asked="请写明办到哪一步。",
    )


class BillImportForm(forms.Form):
    """The file of a daily bill. The page carries it from the preview to the confirmation."""

    file = HeldFileField(
        label="账单文件",
        help_text="在支付平台的商户后台下载的「业务明细」日账单，"
        "zip 或其中的 CSV，不用改名或另存。",
        widget=HeldDocumentInput(attrs={"accept": ".zip,.csv"}),
        error_messages={"required": "请选择支付平台的账单文件。"},
    )


_ANY = ("", "全部")
_NO_DAY = {"invalid": "请填写日期，例如 2027-01-15。"}


class PaymentFilterForm(forms.Form):
    """Which payments the list shows. A field that is wrong narrows nothing and says so."""

    number = forms.CharField(
        label="订单号或交易号",
        required=False,
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "最多 64 个字符，请核对。"},
    )
    status = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[_ANY, *PaymentStatus.choices],
        error_messages={"invalid_choice": "请在列表里选择状态。"},
    )
    gateway = forms.ChoiceField(
        label="支付平台",
        required=False,
        choices=[_ANY, *GatewayName.choices],
        error_messages={"invalid_choice": "请在列表里选择支付平台。"},
    )
    city = forms.ModelChoiceField(
        City.objects.order_by("code"),
        label="地区",
        required=False,
        empty_label="全部",
        to_field_name="code",
        error_messages={"invalid_choice": "请在列表里选择地区。"},
    )
    which = forms.ChoiceField(
        label="按哪个时间",
        required=False,
        choices=[("", "下单"), ("paid", "支付"), ("refunded", "退款")],
        error_messages={"invalid_choice": "请在列表里选择。"},
    )
    since = DayField(label="从", required=False, error_messages=_NO_DAY)
    until = DayField(label="到", required=False, error_messages=_NO_DAY)
    least = YuanField(label="金额从（元）", required=False)
    most = YuanField(label="金额到（元）", required=False)

    def clean_number(self):
        return compact(self.cleaned_data["number"])

    def clean(self):
        super().clean()
        data = self.cleaned_data
        for first, last, why in (
            ("since", "until", "不能早于「从」的日期。"),
            ("least", "most", "不能小于「金额从」。"),
        ):
            begin, end = data.get(first), data.get(last)
            if begin is not None and end is not None and begin > end:
                self.add_error(last, why)
        return data

    @property
    def chosen(self):
        """Name → text, of what was filled in without an error: for addresses and for the file."""
        return {
            name: self.data[name]
            for name in self.fields
            if self.data.get(name) and name in self.cleaned_data
        }
