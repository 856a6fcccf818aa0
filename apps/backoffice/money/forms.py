"""What is typed at the desk about money."""

from django import forms

_LINE = {"autocomplete": "off"}


class SettleForm(forms.Form):
    """How a refund or a discrepancy was settled; the applicant reads it."""

    prefix = "settle"

    settlement = forms.CharField(
        label="怎样办结的",
        help_text="申请人也会看到，例如「已由财务转到工资卡」。请不要写个人信息。",
        max_length=200,
        widget=forms.TextInput(attrs=_LINE),
        error_messages={
            "required": "请写明怎样办结的，申请人也会看到。",
            "max_length": "最多 200 个字，请写得短一些。",
        },
    )


class NoteForm(forms.Form):
    """What has been done so far; only the desk reads it."""

    prefix = "note"

    text = forms.CharField(
        label="办到哪一步",
        help_text="只有审核后台看得到，例如「已请财务向商户账户充值」。",
        max_length=200,
        widget=forms.TextInput(attrs=_LINE),
        error_messages={
            "required": "请写明办到哪一步。",
            "max_length": "最多 200 个字，请写得短一些。",
        },
    )
