"""What is typed at the table and when a hand-out is arranged."""

from datetime import datetime
from typing import cast

from django import forms
from django.utils import timezone

from apps.common.visibility import shown
from apps.desk.fields import LineField
from apps.handout.models import Department
from apps.typed_text import names
from apps.typed_text.inputs import DayField


class NumberForm(forms.Form):
    """A number from a scanner or the keyboard."""

    number = forms.CharField(
        label="社保卡号或制卡单号",
        max_length=40,
        help_text="扫码枪对准后自动提交；也可以手工输入",
        error_messages={"required": "请扫或输入卡号。", "max_length": "太长了，请再扫一次。"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-scan-field": True}),
    )


class ScanForm(forms.Form):
    """领卡码, an employee number or a name."""

    text = forms.CharField(
        label="扫领卡码，或输工号、姓名",
        max_length=200,
        error_messages={
            "required": "请扫领卡码，或输入工号、姓名。",
            "max_length": "这不是领卡码，请再扫一次。",
        },
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "placeholder": "等待扫码", "data-scan-field": True}
        ),
    )


class LetterForm(forms.Form):
    """A proxy with a letter of authorisation."""

    prefix = "letter"

    proxy_name = LineField(
        label="代领人姓名",
        help_text="看过委托书和代领人的证件再交卡",
        asked="请填写代领人姓名。",
    )

    def clean_proxy_name(self):
        name = names.normalise(self.cleaned_data["proxy_name"])
        names.check(name)
        return name


def _local(day, time):
    return timezone.make_aware(datetime.combine(day, time))


class _DepartmentField(forms.ModelChoiceField):
    def label_from_instance(self, department):
        return department.name


class DayForm(forms.Form):
    """Where and when a department gets its cards."""

    prefix = "day"

    department = _DepartmentField(
        Department.objects.order_by("name"),
        label="部门",
        required=False,
        empty_label="全校",
        to_field_name="reference",
        error_messages={"invalid_choice": "请在列表里选择部门。"},
    )
    date = DayField(
        label="日期",
        error_messages={"required": "请选择日期。", "invalid": "请填写日期，例如 2027-01-15。"},
    )
    begins = forms.TimeField(
        label="开始",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "请填写开始时间。", "invalid": "请填写时间，例如 09:00。"},
    )
    ends = forms.TimeField(
        label="结束",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "请填写结束时间。", "invalid": "请填写时间，例如 11:30。"},
    )
    place = LineField(label="地点", help_text="写到房间，例如：化学楼 301", asked="请写明地点。")

    def when_and_where(self):
        """The arguments of `arranging.arrange`, once the form is valid."""
        values = self.cleaned_data
        return {
            "place": values["place"],
            "starts_at": _local(values["date"], values["begins"]),
            "ends_at": _local(values["date"], values["ends"]),
        }


def _whose(row):
    """Name, employee number and card number of `row`, as they stand on the list to sign."""
    account, whose = row.holder.user, "工号"
    if account is None:
        account, whose = row.card_request.applicant, "经办人工号"
    return "　".join(
        (
            shown(row.holder.name, "table.name"),
            f"{whose} {shown(account.employee_number, 'table.employee_number')}",
            shown(row.card.card_number, "table.card_number"),
        )
    )


class PaperForm(forms.Form):
    """Who signed on paper, and when: typed in later."""

    prefix = "paper"

    signed = forms.MultipleChoiceField(
        label="签过字的人",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请勾选签过字的人。",
            "invalid_choice": "有的卡刚由同事办过，不在下面的名单里了；其余的勾选都在，请再提交。",
        },
    )
    date = DayField(
        label="签收日期",
        error_messages={"required": "请填写签收日期。", "invalid": "请填写日期，例如 2027-01-15。"},
    )
    time = forms.TimeField(
        label="签收时间",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "请填写大致的时间。", "invalid": "请填写时间，例如 09:30。"},
    )

    proxy_name = LineField(
        label="代签人姓名",
        required=False,
        help_text="勾选的都由这一位代签时填写；本人签的留空，分两次补录",
    )

    def __init__(self, *args, rows, **options):
        super().__init__(*args, **options)
        self.offer(rows)

    def offer(self, rows):
        """Offer the cards `rows`."""
        signed = cast(forms.MultipleChoiceField, self.fields["signed"])
        signed.choices = [(row.reference, _whose(row)) for row in rows]

    def clean_proxy_name(self):
        name = names.normalise(self.cleaned_data["proxy_name"])
        if name:
            names.check(name)
        return name

    def handed_at(self):
        return _local(self.cleaned_data["date"], self.cleaned_data["time"])


class ContactForm(forms.Form):
    """Who helps a department; empty for nobody."""

    employee_number = forms.CharField(
        label="联系人工号",
        max_length=20,
        required=False,
        error_messages={"max_length": "工号最多 20 个字符，请核对。"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
