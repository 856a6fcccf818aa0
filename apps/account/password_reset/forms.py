from django import forms
from django.conf import settings

from apps.account.forms import PasswordPairForm, normalised_login
from apps.common.rules import rule_text
from apps.typed_text.inputs import CompactField

LAST_DIGITS = 6


def _last_six_field():
    return CompactField(
        rf"\A[0-9]{{{LAST_DIGITS - 1}}}[0-9Xx]\Z",
        label="社会保障号码（身份证号）后六位",
        help_text="最后一位是字母 X 的，也要写上。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "请输入社会保障号码的后六位。",
            "invalid": "请输入后六位，只有数字，最后一位可以是 X。",
        },
    )


class ForgottenForm(forms.Form):
    """Who has forgotten the password."""

    account = forms.CharField(
        label="工号或手机号",
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "off"}),
        error_messages={"required": "请输入工号或手机号。"},
    )
    last_six = _last_six_field()

    def clean_account(self):
        return normalised_login(self.cleaned_data["account"])

    def clean_last_six(self):
        return self.cleaned_data["last_six"].upper()


class LinkForm(PasswordPairForm):
    """The new password twice, and the end of the ID number of an owner who is on the roster."""

    last_six = _last_six_field()
    field_order = ["last_six", "password1", "password2"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        if getattr(user, "holder", None) is None:
            del self.fields["last_six"]

    def clean_last_six(self):
        return self.cleaned_data["last_six"].upper()


class NewPasswordForm(PasswordPairForm):
    """The code, and the new password twice."""

    code = CompactField(
        rf"\A[0-9]{{{settings.CODE_DIGITS}}}\Z",
        label="短信验证码",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={
            "required": f"请填写短信里的 {rule_text('CODE_DIGITS', gap=' ')}验证码。",
            "invalid": f"验证码是 {rule_text('CODE_DIGITS', gap=' ')}数字，请对照短信重新填写。",
        },
    )
    field_order = ["code", "password1", "password2"]
