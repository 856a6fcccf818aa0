from typing import Any

from django import forms

from apps.desk.fields import LineField
from apps.exports.enums import ExportFormat, SheetSchedule
from apps.exports.profiles import NEW, WHICH

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


class SheetForm(forms.Form):
    """For which of `receivers` (name → label) the 采集表 is, and whom it lists."""

    receiver = forms.ChoiceField(
        label="报送给",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择报送给谁。"},
    )
    which = forms.ChoiceField(
        label="哪些人",
        choices=[*WHICH.items()],
        initial=NEW,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择报送哪些人。"},
    )
    reason = LineField(
        label="为什么报送",
        help_text="会和您的工号、人数一起记录。",
        asked="请写明为什么报送，会和您的工号一起记录。",
    )

    def __init__(self, *args, receivers, **options):
        super().__init__(*args, **options)
        field: Any = self.fields["receiver"]
        field.choices = [*receivers.items()]
        field.initial = next(iter(receivers))


MOST_HEADING = 30


class SheetColumnsForm(forms.Form):
    """The columns of the 采集表: for each of `known` its place (empty: left out) and its heading.

    `profile` is what there is now; its version is carried, and judged when the form is saved.
    """

    format = forms.ChoiceField(
        label="文件格式",
        choices=ExportFormat,
        widget=forms.RadioSelect,
        help_text="Excel 里每格都是文本，号码不会变样。",
        error_messages={"required": "请选择文件格式。"},
    )
    schedule = forms.ChoiceField(
        label="自动导出",
        choices=SheetSchedule,
        widget=forms.RadioSelect,
        help_text="自动导出的，以您的名义记录，只有还没有报送过的人；没有人就不导出。",
        error_messages={"required": "请选择要不要自动导出。"},
    )
    seen_version = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=0,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value"), "页面不完整，请重新打开再改。"
        ),
    )

    def __init__(self, *args, known, profile, **options):
        chosen = {name: (place, text) for place, (name, text) in enumerate(profile.columns, 1)}
        initial = {
            "format": profile.format,
            "schedule": profile.schedule,
            "seen_version": profile.version,
        }
        super().__init__(*args, **({"initial": initial} | options))
        self.known = known
        order = sorted(known, key=lambda name: chosen.get(name, (len(known) + 1,))[0])
        for name in order:
            place, heading = chosen.get(name, (None, known[name].label))
            self.fields[f"place_{name}"] = _place(known[name].label, place)
            self.fields[f"heading_{name}"] = _heading(known[name].label, heading)
        self.order = order

    @property
    def lines(self):
        """(the column, the field of its place, the field of its heading), as they stand now."""
        return [
            (self.known[name], self[f"place_{name}"], self[f"heading_{name}"])
            for name in self.order
        ]

    def clean(self):
        super().clean()
        if not self.errors and not self._chosen():
            raise forms.ValidationError("请至少给一栏写上次序。", code="nothing")
        return self.cleaned_data

    def _chosen(self):
        places = {name: self.cleaned_data.get(f"place_{name}") for name in self.order}
        found = [(place, name) for name, place in places.items() if place is not None]
        # Of two with the same place, the one that stood first.
        return [name for _, name in sorted(found, key=lambda each: each[0])]

    def saved(self):
        """The arguments of the service that the form decides."""
        data = self.cleaned_data
        return {
            "columns": [
                (name, data[f"heading_{name}"] or self.known[name].label) for name in self._chosen()
            ],
            "format": data["format"],
            "schedule": data["schedule"],
            "seen_version": data["seen_version"],
        }


def _place(label, place):
    return forms.IntegerField(
        label=f"{label}：次序",
        initial=place,
        required=False,
        min_value=1,
        max_value=999,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), "次序请填 1 到 999 的数字，不要这一栏就清空。"
        ),
    )


def _heading(label, heading):
    return forms.CharField(
        label=f"{label}：表头",
        initial=heading,
        required=False,
        max_length=MOST_HEADING,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": f"表头最多 {MOST_HEADING} 个字。"},
    )
