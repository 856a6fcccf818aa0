"""The cells of a staff roster as fields of a form: what HR writes, and what is meant by it."""

import re

from django import forms
from django.core.exceptions import ValidationError

from apps.people import documents
from apps.roster import written_days
from apps.typed_text.inputs import CompactField
from apps.typed_text.plain_text import compact

# With digits behind it, a number of more digits than a spreadsheet keeps was one of its numbers.
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]+|[0-9]{16,}\.[0-9]+", re.IGNORECASE)
# 2E05 can be an employee number; 2E+05 was made by a spreadsheet.
SCIENTIFIC_FOR_SURE = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]+", re.IGNORECASE)

# A line break between two words of an alphabet stands for a space.
_WRAPPED = re.compile(r"\n+(?![A-Za-z])|(?<![A-Za-z\n])\n+")


class CodeField(forms.CharField):
    """A value of `choices`, written as its code, as its label, or as its label without 族.

    `others` are further words for it (word → value).
    """

    def __init__(self, *, choices, others=None, **kwargs):
        super().__init__(required=False, **kwargs)
        self.codes = dict(others or {})
        self.codes |= {choice.label: choice.value for choice in choices}
        self.codes |= {choice.label.removesuffix("族"): choice.value for choice in choices}
        self.codes |= {choice.value.lstrip("0"): choice.value for choice in choices}
        self.codes |= {choice.value: choice.value for choice in choices}

    def clean(self, value):
        value = compact(super().clean(value)).upper()
        if value and value not in self.codes:
            raise ValidationError(
                f"这里的{self.label}不在代码表里。请填写代码或标准名称。", code="unknown_code"
            )
        return self.codes.get(value, "")


class WrappedTextField(forms.CharField):
    """A text that a cell wrapped: its line breaks are no part of it."""

    def to_python(self, value):
        lines = (super().to_python(value) or "").splitlines()
        return _WRAPPED.sub("", "\n".join(map(str.strip, lines))).replace("\n", " ")


class YesNoField(forms.CharField):
    ANSWERS = {
        **dict.fromkeys(("是", "有", "1", "√", "Y"), True),
        **dict.fromkeys(("否", "无", "没有", "0", "×", "N"), False),
    }

    def clean(self, value):
        value = super().clean(value)
        if value and value not in self.ANSWERS:
            raise ValidationError("请填写“是”或“否”。", code="yes_no")
        return self.ANSWERS.get(value, False)


class EmploymentField(forms.CharField):
    """在职 or 离职. An empty cell means 在职."""

    ANSWERS = {"在职": False, "在岗": False, "离职": True, "已离职": True}

    def clean(self, value):
        value = super().clean(value)
        if value and value not in self.ANSWERS:
            raise ValidationError("请填写“在职”或“离职”。", code="employment")
        return self.ANSWERS.get(value, False)


class NumberField(forms.CharField):
    """A number that a spreadsheet may have damaged; `spoilt` is the pattern of a damaged one."""

    def __init__(self, *, spoilt=_SCIENTIFIC, **kwargs):
        super().__init__(**kwargs)
        self.spoilt = spoilt

    def clean(self, value):
        value = super().clean(value)
        if self.spoilt.fullmatch(value):
            raise lost_digits()
        return value


def lost_digits():
    """The refusal of a number of which a spreadsheet has lost the end."""
    return ValidationError(
        "号码被电子表格当成数（例如改成科学计数法），后几位可能已经丢失。"
        "请把这一列设为“文本”格式，重新填写后导出。",
        code="scientific",
    )


class WrittenDayField(forms.CharField):
    """A day in any usual way of writing; cleaned to a `written_days.WrittenDay`, or None."""

    def clean(self, value):
        value = super().clean(value)
        try:
            return written_days.read(value) if value else None
        except written_days.NoDay as error:
            raise no_sure_day(error) from None


def no_sure_day(why):
    """The refusal of a day; `why` is the end of a sentence (`written_days`)."""
    return ValidationError(f"出生日期{why}。请写成 1985-06-15 的样子。", code="invalid")


class NationalityField(CompactField):
    """A code of three letters, or 中国 and what else of China has a code of its own."""

    CODES = {name: code for code, name in documents.NATIONALITIES.items()}

    def to_python(self, value):
        code = super().to_python(value).upper()
        return self.CODES.get(code, code)
