from typing import Any

from django import forms

from apps.desk.fields import LineField
from apps.exports.enums import ExportFormat

YEARS_OFFERED = 5
MASKED, FULL = "masked", "full"
CONTENTS = [(MASKED, "遮盖（推荐）"), (FULL, "完整，需要写明原因")]


def _content(choices):
    return forms.ChoiceField(
        label="号码和姓名",
        choices=choices,
        initial=MASKED,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择怎样导出号码和姓名。"},
    )


class LedgerForm(forms.Form):
    """Which year; `today` ends the list of them."""

    year = forms.TypedChoiceField(
        label="年度",
        coerce=int,
        help_text="上一年度的，每年一月底前报送。",
        error_messages={"required": "请选择年度。"},
    )
    format = forms.ChoiceField(
        label="文件格式",
        choices=ExportFormat,
        initial=ExportFormat.XLSX,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择文件格式。"},
    )

    def __init__(self, *args, today, **options):
        super().__init__(*args, **options)
        years = range(today.year, today.year - YEARS_OFFERED, -1)
        field: Any = self.fields["year"]
        field.choices = [(year, f"{year} 年") for year in years]


class ExportForm(forms.Form):
    """The format of the file. Full numbers are offered if `may_be_full`."""

    format = forms.ChoiceField(
        label="文件格式",
        choices=ExportFormat,
        initial=ExportFormat.XLSX,
        widget=forms.RadioSelect,
        help_text="给人看请选 Excel 表格；CSV 供其他系统读取，用 Excel 直接打开时长号码会变样。",
        error_messages={"required": "请选择文件格式。"},
    )
    content = _content(CONTENTS)
    reason = LineField(
        label="导出完整号码的原因",
        help_text="只在导出完整号码时填写，会和您的工号、导出范围一起记录。",
        required=False,
    )

    def __init__(self, *args, may_be_full, **options):
        super().__init__(*args, **options)
        if not may_be_full:
            self.fields["content"] = _content(CONTENTS[:1])
            del self.fields["reason"]

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if data.get("content") == FULL and data.get("reason") == "":
            self.add_error("reason", "导出完整号码必须写明原因，会和您的工号一起记录。")
        if data.get("content") == MASKED and data.get("reason"):
            self.add_error(
                "content",
                "您写了导出完整号码的原因，选的却是遮盖。要完整号码的，请改选“完整”；"
                "要遮盖的，请清空原因。",
            )
        return data

    def order(self):
        """The arguments of the service that the form decides."""
        data = self.cleaned_data
        return {
            "format": data["format"],
            "is_full": data["content"] == FULL,
            "reason": data.get("reason", ""),
        }
