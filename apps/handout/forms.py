"""What people fill in about a card at the unit."""

from django import forms


class ProxyForm(forms.Form):
    """Who may fetch the card."""

    prefix = "proxy"

    employee_number = forms.CharField(
        label="代领同事的工号",
        max_length=20,
        help_text="代领时由这位同事登录，出示代领码和工作证",
        error_messages={
            "required": "请填写代领同事的工号。",
            "max_length": "工号最多 20 个字符，请核对。",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
