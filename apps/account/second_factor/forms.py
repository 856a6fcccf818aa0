"""The forms of allauth.mfa with our fields: a code is read as people type it."""

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms

from apps.typed_text.inputs import CompactField, JsonField


def _code_field(label, help_text):
    return CompactField(
        r"\A[0-9]{6,8}\Z",
        label=label,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={
            "required": "请输入验证码。",
            "invalid": "请只输入数字，位数不多也不少。",
        },
    )


_EITHER = "验证器里现在的数字；手机不在身边时，用一个恢复码。"


class AuthenticateForm(base.AuthenticateForm):
    code = _code_field("两步验证码", _EITHER)


class ReauthenticateForm(base.ReauthenticateForm):
    code = _code_field("两步验证码", _EITHER)


class ActivateForm(totp.ActivateTOTPForm):
    code = _code_field("验证器里的数字", "隔一会儿换一次，请输入现在显示的。")


class CheckForm(forms.Form):
    """The code in an identity check; `services.use_code` compares it."""

    code = _code_field("两步验证码", _EITHER)


class PasskeyCheckForm(webauthn.AuthenticateWebAuthnForm):
    credential = JsonField()


class PasskeyAgainForm(webauthn.ReauthenticateWebAuthnForm):
    credential = JsonField()


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    credential = JsonField()
    name = forms.CharField(
        label="给它起个名字",
        help_text="以后认得出是哪一个，例如“办公室电脑”。",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "最多 40 个字，请写得短一些。"},
    )
