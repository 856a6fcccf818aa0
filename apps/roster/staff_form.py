"""Judges one row of the staff roster. The labels are the headings of the columns."""

import re

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from apps.common.moments import day_of
from apps.common.rules import rule_text
from apps.people import documents
from apps.people.enums import Ethnicity, IdType, Occupation, Sex
from apps.people.models import User
from apps.roster.fields import (
    SCIENTIFIC_FOR_SURE,
    CodeField,
    EmploymentField,
    NationalityField,
    NumberField,
    WrappedTextField,
    WrittenDayField,
    YesNoField,
    lost_digits,
    no_sure_day,
)
from apps.typed_text import id_numbers, names, phones

_WITH_RESIDENT_STRUCTURE = {IdType.RESIDENT, IdType.RESIDENCE_PERMIT}
_OLD_PERMANENT_PERMIT = re.compile(r"[A-Z]{3}[0-9]{12}")
_OTHER_DOCUMENT = re.compile(r"[A-Z0-9]{5,18}")
# What is left of a mobile number that was shown as 1.39E+10 and saved so.
_SPOILT_PHONE = re.compile(r"1[3-9][0-9]0{8}")
_SEXES = {"男性": Sex.MALE, "M": Sex.MALE, "MALE": Sex.MALE}
_SEXES |= {"女性": Sex.FEMALE, "F": Sex.FEMALE, "FEMALE": Sex.FEMALE}


class StaffForm(forms.Form):
    """`at` is the moment at which ID number and age are judged.

    `notes` say, by field, how a value was read that could be read in more than one way.
    """

    employee_number = NumberField(
        label="工号",
        spoilt=SCIENTIFIC_FOR_SURE,
        max_length=20,
        error_messages={
            "required": "请填写工号。",
            "max_length": "工号最多 %(limit_value)d 个字符。",
        },
    )
    name = forms.CharField(label="姓名", error_messages={"required": "请填写姓名。"})
    id_type = CodeField(label="证件类型", choices=IdType, others=documents.USUAL_NAMES)
    id_number = NumberField(
        label="社会保障号码", error_messages={"required": "请填写社会保障号码。"}
    )
    sex = CodeField(label="性别", choices=Sex, others=_SEXES)
    birth_date = WrittenDayField(label="出生日期", required=False)
    ethnicity = CodeField(label="民族", choices=Ethnicity)
    nationality = NationalityField(
        r"[A-Z]{3}\Z",
        label="国籍",
        required=False,
        error_messages={"invalid": "国籍应为三个大写字母的代码，例如 CHN、FRA。"},
    )
    phone = NumberField(label="手机号", required=False)
    department = WrappedTextField(
        label="部门",
        required=False,
        max_length=60,
        error_messages={"max_length": "部门最多 %(limit_value)d 个字。"},
    )
    occupation = CodeField(label="职业类别", choices=Occupation)
    address = WrappedTextField(
        label="常住地址",
        required=False,
        max_length=settings.HOME_ADDRESS_MAX_CHARACTERS,
        error_messages={"max_length": "常住地址最多 %(limit_value)d 个字。"},
    )
    has_card_elsewhere = YesNoField(label="已有社保卡", required=False)
    is_leaving = EmploymentField(label="在职状态", required=False)
    photo = forms.CharField(label="照片", required=False)
    password = forms.CharField(label="初始密码", required=False, strip=False)

    def __init__(self, *args, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.at = at
        self.notes: dict[str, str] = {}

    def clean_employee_number(self):
        return User.normalize_username(self.cleaned_data["employee_number"])

    def clean_name(self):
        name = names.normalise(self.cleaned_data["name"])
        names.check(name)
        return name

    def clean_phone(self):
        phone = phones.normalise(self.cleaned_data["phone"])
        if _SPOILT_PHONE.fullmatch(phone):
            raise lost_digits()
        if phone:
            phones.check(phone)
        return phone

    def clean_photo(self):
        photo = self.cleaned_data["photo"]
        if "/" in photo or "\\" in photo or photo.startswith("."):
            raise ValidationError("请只填写照片的文件名，不带文件夹。", code="path")
        return photo

    def clean_password(self):
        password = self.cleaned_data["password"]
        if password:
            validate_password(password)
        return password

    def clean(self):
        super().clean()
        data = self.cleaned_data
        number = id_numbers.normalise(data.get("id_number", ""))
        written = data.get("birth_date")
        data["birth_date"] = written and written.day
        if not number or "id_type" in self.errors:
            return data
        told = documents.of_number(number)
        id_type = data["id_type"] or (told.id_type if told else IdType.RESIDENT)
        try:
            is_resident_structure = self._check_number(number, id_type)
        except ValidationError as error:
            self.add_error("id_number", error)
            return data
        data["id_number"] = number
        data["id_type"] = id_type
        self._clean_document(data, number, id_type)
        if "id_type" in self.errors:  # the rest depends on it
            return data
        if is_resident_structure:
            self._compare(data, number, written)
        else:
            if written and written.doubt:
                self.add_error("birth_date", no_sure_day(written.doubt))
            self._require(data, ["sex", "birth_date"])
        if id_type in {IdType.PASSPORT, IdType.PERMANENT_RESIDENT}:
            self._require(data, ["nationality"])
        born = data.get("birth_date")
        years = id_numbers.age(born, day=day_of(self.at)) if born else None
        is_too_young = years is not None and years < settings.EMPLOYMENT_FROM_AGE
        if is_too_young and "birth_date" not in self.errors:
            self.add_error(
                "birth_date",
                f"未满 {rule_text('EMPLOYMENT_FROM_AGE', gap=' ')}，不能作为教职工登记。请核对。",
            )
        return data

    def _check_number(self, number, id_type):
        """Whether the number tells birth date and sex. Raises ValidationError."""
        if id_type in _WITH_RESIDENT_STRUCTURE:
            id_numbers.check(number, day=day_of(self.at))
            return True
        if id_type == IdType.PERMANENT_RESIDENT:
            if _OLD_PERMANENT_PERMIT.fullmatch(number):
                return False
            id_numbers.check(number, day=day_of(self.at))
            return True
        if not _OTHER_DOCUMENT.fullmatch(number):
            raise ValidationError("证件号码应为 5 至 18 位字母或数字。请核对。", code="characters")
        return False

    def _clean_document(self, data, number, id_type):
        """Number, type and nationality by the same rule. The last two may be empty."""
        try:
            documents.check_type(number, id_type)
        except ValidationError as error:
            self.add_error("id_type", error)
            return
        if "nationality" in self.errors:
            return
        data["nationality"] = data.get("nationality") or documents.usual_nationality(
            number, id_type
        )
        if data["nationality"]:
            try:
                documents.check_nationality(number, id_type, data["nationality"])
            except ValidationError as error:
                self.add_error("nationality", error)

    def _compare(self, data, number, written):
        """Report columns that contradict the number, which is valid by its checksum.

        `written` is the `WrittenDay` of the birth date, or None.
        """
        born, sex = id_numbers.birth_date(number), id_numbers.sex(number)
        if written and not written.can_be(born):
            self.add_error("birth_date", "与社会保障号码中的出生日期不一致。请核对这两列。")
        elif written and written.doubt:
            self.notes["birth_date"] = "写法有不止一种读法，已按社会保障号码里的出生日期登记"
        if data.get("sex") and data["sex"] != sex:
            self.add_error("sex", "与社会保障号码第 17 位表示的性别不一致。请核对这两列。")
        data["birth_date"], data["sex"] = born, sex

    def _require(self, data, fields):
        for name in fields:
            if not data.get(name) and name not in self.errors:
                label = self.fields[name].label
                self.add_error(name, f"这种证件的号码里没有{label}，请填写{label}。")
