"""The forms for changing a rule. Nothing is saved before the preview is confirmed."""

from functools import partial
from typing import Any

from django import forms
from django.conf import settings

from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.common.rules import rule_text
from apps.common.stored_files import received
from apps.common.templatetags.formats import day as day_words
from apps.common.templatetags.formats import iso
from apps.regions.enums import Service
from apps.regions.models import Bank, City, CityRule
from apps.regions.wording import unit
from apps.rulebook.holiday_table import HolidayTable, read
from apps.rulebook.wording import LABELS, shown
from apps.typed_text.inputs import DayField, YuanField
from apps.unsent.held_uploads import HeldDocumentInput, HeldFileField

YES, NO = "yes", "no"
_DAYS_NAMED = 5


class RuleDayField(DayField):
    """A day in the words of the rules."""

    def __init__(self, **options):
        super().__init__(
            error_messages={
                "required": "请填写日期。",
                "invalid": "请填写日期，例如 2027-01-01。",
            },
            **options,
        )


class ChangeForm(forms.Form):
    """`basis` is a digest of the rules that the preview was computed from."""

    fields: dict[str, Any]

    basis = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    note = forms.CharField(
        label="变更原因",
        max_length=300,
        help_text="例如文件名称和文号。会写进变更记录。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请写明变更原因，会写进变更记录。"},
    )

    def __init__(self, *args, at, **options):
        super().__init__(*args, **options)
        self.at = at
        self.order_fields(["what", "valid_from", "open_from", "open_until"])
        for name in ("open_from", "open_until", "valid_from"):
            if name in self.fields:
                self.fields[name].widget.attrs["min"] = iso(day_of(at))


class CitiesField(forms.ModelMultipleChoiceField):
    widget = forms.MultipleHiddenInput

    default_error_messages = {
        "required": "请先在地区列表里选择要修改的地区。",
        "invalid_choice": "选的地区里有的没有找到，请回到地区列表重新选择。",
        "invalid_pk_value": "选的地区里有的没有找到，请回到地区列表重新选择。",
        "invalid_list": "请回到地区列表重新选择。",
    }


class RuleForm(ChangeForm):
    """New terms for one city or several. An empty field means no change."""

    cities = CitiesField(City.objects.issuing().select_related("province").in_order())
    valid_from = RuleDayField(label="生效日期", help_text="从这一天 0:00 起，最早是今天。")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name in CityRule.TERMS:
            self.fields[name] = self._term(name)
        self.order_fields(["valid_from", *CityRule.TERMS])

    @staticmethod
    def _term(name):
        if name in CityRule.WAYS:
            return forms.TypedChoiceField(
                label=LABELS[name],
                required=False,
                choices=[("", "不改"), *((one, shown(name, one == YES)) for one in (YES, NO))],
                coerce=YES.__eq__,
                empty_value=None,
                error_messages={"invalid_choice": "请从列表中选择。"},
            )
        if name in CityRule.FEES:
            return YuanField(label=f"{LABELS[name]}（{unit(name)}）", required=False)
        return forms.IntegerField(
            label=f"{LABELS[name]}（{unit(name).removeprefix('个')}）",
            required=False,
            min_value=1 if name == "loss_report_days" else 0,
            max_value=250,
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            error_messages={
                "invalid": "请填写整数天数，例如 10。",
                "min_value": "不能少于 %(limit_value)s 天。",
                "max_value": "不能多于 %(limit_value)s 天。",
            },
        )

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.changes:
            raise forms.ValidationError("还没有填写要改的内容。", code="nothing")
        return cleaned

    @property
    def changes(self):
        """Column → new value, of what was filled in."""
        return {
            name: self.cleaned_data[name]
            for name in CityRule.TERMS
            if self.cleaned_data.get(name) is not None
        }


class ServiceMixin(forms.Form):
    what = forms.ChoiceField(
        label="服务",
        choices=[("", "请选择服务"), *Service.choices],
        error_messages={"required": "请选择服务。", "invalid_choice": "请从列表中选择服务。"},
    )

    def clean_what(self):
        return Service(self.cleaned_data["what"])


class BankMixin(forms.Form):
    what = forms.ModelChoiceField(
        Bank.objects.order_by("code"),
        label="银行",
        empty_label="请选择银行",
        error_messages={"required": "请选择银行。", "invalid_choice": "请从列表中选择银行。"},
    )


class OpenForm(ChangeForm):
    open_from = RuleDayField(label="开通日期", help_text="从这一天起可以办理，最早是今天。")
    open_until = RuleDayField(
        label="最后一天", required=False, help_text="只在一段时间开通时填写，这一天仍可办理。"
    )


class CloseForm(ChangeForm):
    open_until = RuleDayField(label="最后一天", help_text="这一天仍可办理，第二天起停办。")


class OpenServiceForm(ServiceMixin, OpenForm):
    pass


class CloseServiceForm(ServiceMixin, CloseForm):
    pass


class OpenBankForm(BankMixin, OpenForm):
    pass


class CloseBankForm(BankMixin, CloseForm):
    pass


class RuleWithdrawForm(ChangeForm):
    """Withdrawing what has not begun needs a reason only."""


class HolidayForm(forms.Form):
    """The holidays of a year, as a file or as pasted text. `found` is the `HolidayTable`."""

    fields: dict[str, Any]
    found: HolidayTable

    basis = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    file = HeldFileField(
        label="放假安排表",
        required=False,
        help_text="Excel 工作簿或 CSV，第一行写：日期、类型、名称，下面每天一行。"
        f"不超过 {rule_text('HOLIDAY_MAX_BYTES')}。",
        widget=HeldDocumentInput(attrs={"accept": ".csv,.xlsx,.xls"}),
    )
    table = forms.CharField(
        label="或者把表格粘贴在这里",
        required=False,
        max_length=20_000,
        help_text="从电子表格里连同第一行一起复制。选了文件的，这里空着。",
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )
    note = forms.CharField(
        label="依据",
        max_length=300,
        help_text="国务院办公厅通知的名称和文号。会写进变更记录。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请写明通知的名称和文号，会写进变更记录。"},
    )

    def __init__(self, *args, at, **options):
        super().__init__(*args, **options)
        self.at = at

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if "file" in self.errors or "table" in self.errors:
            return data
        file, text = data.get("file"), data.get("table")
        if file and file.size > settings.HOLIDAY_MAX_BYTES:
            self.add_error(
                "file", f"文件超过 {rule_text('HOLIDAY_MAX_BYTES')}，放假安排表不会这么大，请核对。"
            )
        elif not file and not text:
            self.add_error("file", "请选择文件，或者把表格粘贴在下面。")
        else:
            pasted = self._read("table", text.encode) if text else HolidayTable()
            self.found = self._read("file", partial(received, file)) if file else pasted
            if file and text and not self.errors and self.found.days != pasted.days:
                self._ask_which(self.found, pasted)
        return data

    def _read(self, name, content):
        """The `HolidayTable` in `content()`; what is wrong with it stands beside `name`."""
        try:
            found = read(content(), today=day_of(self.at))
        except Refused as refusal:
            self.add_error(name, refusal.message)
            return HolidayTable()
        for line, why in found.errors:
            self.add_error(name, f"第 {line} 行：{why}" if line else why)
        return found

    def _ask_which(self, filed, pasted):
        """A page cannot keep the file, so each of the two answers says what to do."""
        differing = sorted(
            day for day in filed.days | pasted.days if filed.days.get(day) != pasted.days.get(day)
        )
        first = "、".join(map(day_words, differing[:_DAYS_NAMED]))
        more = f"等 {len(differing)} 天" if len(differing) > _DAYS_NAMED else ""
        self.add_error(
            "table",
            f"选了文件，这里又有一份不一样的表格（{first}{more}）。请只用一份：用这里的，"
            "不用再选文件，直接提交；用文件的，请清空这里，再选一次文件。",
        )
