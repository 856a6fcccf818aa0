"""What is typed at the desk about money."""

from django import forms

from apps.desk.fields import LineField
from apps.unsent.held_uploads import HeldFileField, HeldFileInput


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


def _as_it_is(file):
    return file.read()


class HeldBillInput(HeldFileInput):
    template_name = "finance/held_bill_input.html"


class BillImportForm(forms.Form):
    """The file of a daily bill. The page carries it from the preview to the confirmation."""

    file = HeldFileField(
        label="账单文件",
        help_text="在支付平台的商户后台下载的「业务明细」日账单，"
        "zip 或其中的 CSV，不用改名或另存。",
        widget=HeldBillInput(attrs={"accept": ".zip,.csv"}, compact=_as_it_is),
        error_messages={"required": "请选择支付平台的账单文件。"},
    )
