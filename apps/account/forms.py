"""The forms of one's own account.

Every account is made by the roster, so there is no form to sign up.
"""

from allauth.account.forms import ChangePasswordForm, LoginForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from apps.common.masks import ID_TAIL_LENGTH
from apps.common.rules import rule_text
from apps.people.enums import Edition, Theme
from apps.people.models import User
from apps.typed_text import phones
from apps.typed_text.inputs import CompactField

PASSWORD_HELP = (
    f"至少 {rule_text('PASSWORD_MIN_LENGTH', gap=' ')}，"
    f"全是数字的至少 {rule_text('PASSWORD_DIGITS_MIN_LENGTH', gap=' ')}，不能是常见的密码，"
    "里面不能有您的工号、手机号、身份证号和生日。"
)


class AppearanceForm(forms.Form):
    """How the pages look; what is left out stays as it is."""

    theme = forms.ChoiceField(label="配色", choices=Theme, required=False)
    edition = forms.ChoiceField(label="版本", choices=Edition, required=False)


def normalised_login(typed):
    """One spelling of an employee number or a phone, whichever was `typed`."""
    phone = phones.normalise(typed)
    return phone if phones.is_mobile(phone) else User.normalize_username(typed)


class SignInForm(LoginForm):
    """工号 or 手机号, and the password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = "工号或手机号"
        login.error_messages["required"] = "请输入工号或手机号。"
        login.widget.attrs |= {"autocomplete": "username", "autocapitalize": "off"}
        login.widget.attrs.pop("placeholder", None)
        password.label = "密码"
        password.help_text = ""
        password.error_messages["required"] = "请输入密码。"
        password.widget.attrs.pop("placeholder", None)

    def clean_login(self):
        """One spelling for each account, because allauth counts wrong passwords by this value."""
        return normalised_login(super().clean_login())

    def clean(self):
        cleaned_data = super().clean()
        if self.user is not None:
            # allauth stores the name that was used in the session, where a phone must not be.
            cleaned_data["login"] = self.user.get_username()
        return cleaned_data


class PasswordChangeForm(ChangePasswordForm):
    """The old password, and the new one twice."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        labels = {"oldpassword": "原密码", "password1": "新密码", "password2": "再输入一次新密码"}
        for name, label in labels.items():
            field = self.fields[name]
            field.label = label
            field.error_messages["required"] = f"请输入{label.removeprefix('再输入一次')}。"
            field.widget.attrs.pop("placeholder", None)
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].help_text = PASSWORD_HELP
        # What is known of the owner is looked for in `clean`, after the old password.
        self.fields["password1"].user = None

    def clean(self):
        cleaned_data = super().clean()
        if "password2" in self.errors and self["password2"].data:
            self.errors["password2"] = self.error_class(["两次输入的新密码不一致，请重新输入。"])
        if not self.errors:
            try:
                validate_password(cleaned_data["password1"], self.user)
            except ValidationError as error:
                self.add_error("password1", error)
        return cleaned_data


class PasswordPairForm(forms.Form):
    """A new password, twice.

    Its owner has proven nothing yet, so what is known of them must not be looked for in it: the
    answer would tell. The services do so after the proof.
    """

    password1 = forms.CharField(
        label="设置密码",
        help_text=PASSWORD_HELP,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "请设置密码。"},
    )
    password2 = forms.CharField(
        label="再输入一次密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "请再输入一次密码。"},
    )

    def clean_password1(self):
        password = self.cleaned_data["password1"]
        validate_password(password)
        return password

    def clean(self):
        super().clean()
        data = self.cleaned_data
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", "两次输入的密码不一致，请重新输入。")
        return data


class WelcomeForm(PasswordPairForm):
    """The first password of an invited person, and the last four of the ID number."""

    last_four = CompactField(
        rf"\A[0-9A-Za-z]{{{ID_TAIL_LENGTH}}}\Z",
        label="社会保障号码（身份证号）后四位",
        help_text="最后一位是字母 X 的，也要写上。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "请输入社会保障号码的后四位。",
            "invalid": "请输入后四位，只有数字，最后一位可以是 X。",
        },
    )
    field_order = ["last_four", "password1", "password2"]
