"""The particulars form of an 申领 or a 补换, and how a half-filled one is kept.

What is typed is judged here and nowhere else. A draft keeps two things: the text as it was typed,
right or wrong, so that nobody loses a letter, and the columns, which hold only what is right.
"""

import json
import re
from datetime import date

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from apps.common import phones
from apps.common.id_numbers import age
from apps.common.moments import day_of
from apps.common.rules import rule_text
from apps.people.enums import Ethnicity, HouseholdType, Occupation
from apps.requests.particulars import required_fields

LONG_TERM = date(9999, 12, 31)  # how 长期 is stored
DATE_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"]

# The form fields that each topic of an amendment opens; the portrait has a page of its own.
FIELDS_OF_TOPIC = {
    "portrait": (),
    "ethnicity": ("ethnicity",),
    "id_valid": ("id_valid_from", "id_valid_until", "is_long_term"),
    "phone": ("phone",),
    "address": ("address",),
    "occupation": ("occupation",),
    "household_type": ("household_type",),
}

# Letters, digits and the few signs of an address; Chinese punctuation stays as it is.
_HALF_WIDTH = {
    **{code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)},
    **{code: code - 0xFEE0 for code in range(0xFF21, 0xFF3B)},
    **{code: code - 0xFEE0 for code in range(0xFF41, 0xFF5B)},
    0xFF03: "#",
    0xFF0B: "+",
    0xFF0D: "-",
    0x3000: " ",
}


def half_width(text):
    """`text` with full-width letters and digits made half-width, and outer spaces removed."""
    return text.translate(_HALF_WIDTH).strip()


class PhoneField(forms.CharField):
    """A mobile number of the mainland, stored as 11 digits; spaces, dashes and +86 are dropped."""

    def __init__(self, **options):
        attributes = {"inputmode": "tel", "autocomplete": "tel-national"}
        options.setdefault("widget", forms.TextInput(attrs=attributes))
        super().__init__(max_length=30, **options)

    def to_python(self, value):
        digits = re.sub(r"[\s-]", "", half_width(super().to_python(value)))
        return re.sub(r"^(\+?86)(?=\d{11}$)", "", digits)

    def validate(self, value):
        super().validate(value)
        if not value:
            return
        if not value.isascii() or not value.isdigit():
            raise ValidationError("手机号只能填数字，请检查。", code="not_digits")
        if len(value) != phones.LENGTH:
            raise ValidationError(
                f"手机号应为{phones.LENGTH}位，您填了{len(value)}位。", code="length"
            )
        if not re.match(r"1[3-9]", value):
            raise ValidationError("手机号应以 13 至 19 开头，请检查前两位。", code="prefix")


class AddressField(forms.CharField):
    """The place where somebody lives, as one line."""

    def __init__(self, **options):
        options.setdefault("widget", forms.TextInput(attrs={"autocomplete": "street-address"}))
        # Room for the counting message; the rule itself is below.
        super().__init__(max_length=300, **options)

    def to_python(self, value):
        return re.sub(r"\s+", " ", half_width(super().to_python(value)))

    def validate(self, value):
        super().validate(value)
        if value and len(value) < settings.HOME_ADDRESS_MIN_CHARACTERS:
            raise ValidationError(
                f"地址太短，请从省、市写到门牌号，至少{rule_text('HOME_ADDRESS_MIN_CHARACTERS')}。",
                code="short",
            )
        if len(value) > settings.HOME_ADDRESS_MAX_CHARACTERS:
            raise ValidationError(
                f"地址最多{rule_text('HOME_ADDRESS_MAX_CHARACTERS')}，"
                f"您填了{len(value)}个字，请删减。",
                code="long",
            )


class DayField(forms.DateField):
    def __init__(self, **options):
        # An end that may stay empty is explained beside it; the word 选填 would mislead.
        self.unmarked = True
        super().__init__(
            input_formats=DATE_FORMATS,
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            **options,
        )

    def to_python(self, value):
        return super().to_python(half_width(value) if isinstance(value, str) else value)


def _choices(enum, empty):
    return [("", empty), *enum.choices]


class ParticularsForm(forms.Form):
    """The editable part of the particulars.

    `particulars` is the saved row, `on` the day in Asia/Shanghai on which ages and validity are
    judged. `topics` limits the form to what a reviewer opened (keys of `AMENDABLE`); None means
    all. `has_portrait` says whether a usable portrait is there: the form asks for one, although it
    is uploaded on a page of its own, so that one list names everything that is missing.
    """

    ethnicity = forms.ChoiceField(
        label="民族",
        choices=_choices(Ethnicity, "请选择民族"),
        error_messages={"required": "请选择民族。"},
    )
    id_valid_from = DayField(
        label="证件有效期起",
        help_text="身份证背面（国徽面）有效期限的前一个日期",
        error_messages={
            "required": "请填写身份证有效期的起始日期。",
            "invalid": "起始日期不正确，请按 2016-05-20 的样子填写。",
        },
    )
    id_valid_until = DayField(
        label="证件有效期止",
        required=False,
        help_text="证件上写的是“长期”时不用填，请勾选下面一项",
        error_messages={"invalid": "终止日期不正确，请按 2036-05-20 的样子填写。"},
    )
    is_long_term = forms.BooleanField(label="证件长期有效", required=False)
    phone = PhoneField(
        label="手机号",
        help_text="请填写本人实名办理的手机号",
        error_messages={"required": "请填写手机号。"},
    )
    address = AddressField(
        label="常住地址",
        help_text="从省、市写到门牌号",
        error_messages={"required": "请填写常住地址。"},
    )
    occupation = forms.ChoiceField(
        label="职业",
        choices=_choices(Occupation, "请选择职业"),
        error_messages={"required": "请选择职业。"},
    )
    household_type = forms.ChoiceField(
        label="户口性质",
        choices=_choices(HouseholdType, "不填写"),
        required=False,
    )

    def __init__(self, *args, particulars, at, topics=None, has_portrait, **options):
        options.setdefault("initial", saved_values(particulars))
        super().__init__(*args, **options)
        self.particulars = particulars
        self.at = at
        required = required_fields(particulars.birth_date, at=at)
        self.needs_portrait = "portrait" in required and (topics is None or "portrait" in topics)
        self.has_portrait = has_portrait
        if "id_valid_from" not in required:
            self._drop(*FIELDS_OF_TOPIC["id_valid"])
        if "occupation" not in required:
            self._drop("occupation")
            # A child: the number is that of the guardian.
            self.fields["phone"].help_text = "请填写您（监护人）本人实名办理的手机号"
        if topics is not None:
            opened = {field for topic in topics for field in FIELDS_OF_TOPIC[topic]}
            self._drop(*(set(self.fields) - opened))

    def _drop(self, *names):
        for name in names:
            self.fields.pop(name, None)

    def clean_id_valid_from(self):
        day = self.cleaned_data["id_valid_from"]
        if day > day_of(self.at):
            raise ValidationError("证件有效期的起始日期不能晚于今天。", code="future")
        if day <= self.particulars.birth_date:
            raise ValidationError("证件有效期的起始日期应晚于出生日期。", code="before_birth")
        return day

    def clean(self):
        data = super().clean()
        if "id_valid_until" in self.fields:
            self._clean_validity(data)
        if self.needs_portrait and not self.has_portrait:
            self.add_error(
                None, ValidationError("请上传电子照片，并点「使用这张照片」。", code="no_portrait")
            )
        return data

    def _clean_validity(self, data):
        begin = data.get("id_valid_from")
        if data.get("is_long_term"):
            self._clean_long_term(begin)
            return
        if "id_valid_until" in self.errors:
            return
        until = data.get("id_valid_until")
        if until is None:
            self.add_error("id_valid_until", "请填写身份证有效期的终止日期，或勾选“证件长期有效”。")
        elif begin is not None and until <= begin:
            self.add_error("id_valid_until", "终止日期应晚于起始日期，请核对身份证背面。")
        elif until < day_of(self.at):
            self.add_error(
                "id_valid_until",
                "您的身份证已过有效期，请先到公安机关换领身份证，再来申领社保卡。",
            )

    def _clean_long_term(self, begin):
        self.errors.pop("id_valid_until", None)
        years = age(self.particulars.birth_date, day=begin or day_of(self.at))
        if years < settings.ID_CARD_FOR_GOOD_FROM_AGE:
            self.add_error(
                "is_long_term",
                f"{rule_text('ID_CARD_FOR_GOOD_FROM_AGE')}起领的身份证才长期有效，请核对后填写终止日期。",
            )
        else:
            self.cleaned_data["id_valid_until"] = LONG_TERM

    def typed(self):
        """What was typed, right or wrong, as the JSON text that `Particulars.typed` keeps."""
        raw = {name: self[name].data for name in self.fields}
        return json.dumps(
            {name: value for name, value in raw.items() if value is not None}, ensure_ascii=False
        )

    def columns(self):
        """Column → value for every column of the form; what is wrong or missing is empty."""
        self.is_valid()
        return {
            name: self.cleaned_data.get(name) or _empty(name)
            for name in self.fields
            if name != "is_long_term"
        }


def _empty(name):
    return None if name in ("id_valid_from", "id_valid_until") else ""


def saved_values(particulars):
    """The form's values as they were left: the typed text where there is one, else the columns."""
    until = particulars.id_valid_until
    values = {
        "ethnicity": particulars.ethnicity,
        "id_valid_from": _iso(particulars.id_valid_from),
        "id_valid_until": "" if until == LONG_TERM else _iso(until),
        "is_long_term": until == LONG_TERM,
        "phone": particulars.phone,
        "address": particulars.address,
        "occupation": particulars.occupation,
        "household_type": particulars.household_type,
    }
    return values | (json.loads(particulars.typed) if particulars.typed else {})


def _iso(day):
    return day.isoformat() if day else ""


def resumed(particulars, *, at, topics=None, has_portrait):
    """The form bound to what was saved, so that it can be judged without being posted again."""
    return ParticularsForm(
        saved_values(particulars),
        particulars=particulars,
        at=at,
        topics=topics,
        has_portrait=has_portrait,
    )
