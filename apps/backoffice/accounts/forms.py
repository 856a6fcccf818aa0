from django import forms

from apps.requests.inputs import PhoneField


class ResetLinkForm(forms.Form):
    """Where the link to a new password goes, if `account` has no person with a registered phone."""

    phone = PhoneField(
        label="本人的手机号",
        help_text="请当面核对本人的证件；号码遮盖后记入账户记录",
        error_messages={"required": "请填写本人的手机号，链接发到那里。"},
    )

    def __init__(self, *args, account, **kwargs):
        super().__init__(*args, **kwargs)
        if getattr(account, "holder", None) is not None:
            del self.fields["phone"]
