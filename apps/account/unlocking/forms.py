from django import forms

from apps.account.forms import normalised_login
from apps.typed_text.inputs import CompactField, JsonField


class LockedAccountForm(forms.Form):
    """Which account."""

    account = forms.CharField(
        label="工号或手机号",
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "off"}),
        error_messages={"required": "请输入工号或手机号。"},
    )

    def clean_account(self):
        return normalised_login(self.cleaned_data["account"])


class UnlockForm(LockedAccountForm):
    """Which account, and a code of its second factor.

    `for_passkey`: the code is not needed, because a passkey is asked for instead.
    """

    code = CompactField(
        r"\A[0-9]{6,8}\Z",
        label="两步验证码",
        help_text="验证器里现在的数字；手机不在身边时，用一个恢复码。",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={
            "required": "请输入验证码。",
            "invalid": "请只输入数字，位数不多也不少。",
        },
    )

    def __init__(self, *args, for_passkey=False, **options):
        super().__init__(*args, **options)
        self.fields["code"].required = not for_passkey


class PasskeyForm(LockedAccountForm):
    """What the browser answers to the question for a passkey of the account."""

    credential = JsonField()

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["account"].widget = forms.HiddenInput()
