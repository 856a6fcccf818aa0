from typing import cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.common.rules import rule_text
from apps.guardianships.policies import SEXES, relations_of
from apps.people.enums import ProofKind, Relation, Sex
from apps.typed_text import id_numbers, names
from apps.typed_text.inputs import DayField
from apps.unsent.held_uploads import HeldFileField, HeldFileInput
from apps.verification.pictures import ACCEPT, FORMATS, compact, open_upload, to_jpeg
from apps.verification.refusals import UploadRefused

SON_OR_DAUGHTER = {Sex.MALE: "儿子", Sex.FEMALE: "女儿"}


class PicturesInput(HeldFileInput):
    allow_multiple_selected = True


class PicturesField(HeldFileField):
    """Several pictures in one control; cleaned to a list of JPEGs in our own encoding."""

    widget = PicturesInput(attrs={"accept": ACCEPT}, compact=compact)
    # Called with the number of pictures before they are opened. May raise a `Refused`.
    before_opening = staticmethod(lambda number: None)

    def clean(self, data, initial=None):
        uploads = [super(PicturesField, self).clean(upload, initial) for upload in data or [None]]
        most = settings.PROOF_MAX_PICTURES
        if len(uploads) > most:
            raise ValidationError(
                f"最多 {most} 张，您选了 {len(uploads)} 张。请只留下需要的几页。", code="too_many"
            )
        try:
            self.before_opening(len(uploads))
        except Refused as refusal:
            raise ValidationError(refusal.message, code=refusal.code) from None
        return [self._jpeg(upload, number) for number, upload in enumerate(uploads, start=1)]

    @staticmethod
    def _jpeg(upload, number):
        try:
            return to_jpeg(open_upload(upload))
        except UploadRefused as refusal:
            raise ValidationError(f"第 {number} 张：{refusal.message}", code=refusal.code) from None


class RegistrationForm(forms.Form):
    """登记子女. `guardian` is the holder who registers, `at` the moment at which it is judged.

    `count_pictures` is called with the number of pictures before they are opened, and may refuse.

    What the number says of birth date and sex is compared with what is typed: the relation names
    the child's sex.
    """

    name = forms.CharField(
        label="孩子的姓名",
        max_length=60,
        help_text="与户口簿或出生医学证明一致",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请填写孩子的姓名。"},
    )
    id_number = forms.CharField(
        label="孩子的社会保障号码",
        max_length=40,
        help_text="就是孩子的 18 位身份证号码，户口簿上孩子那一页有",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": "请填写孩子的 18 位身份证号码。"},
    )
    birth_date = DayField(
        label="孩子的出生日期",
        error_messages={
            "required": "请填写孩子的出生日期。",
            "invalid": "出生日期不正确，请按 2018-06-01 的样子填写。",
        },
    )
    relation = forms.ChoiceField(
        label="您和孩子的关系",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择您和孩子的关系。"},
    )
    proof_kind = forms.ChoiceField(
        label="用什么证明",
        choices=ProofKind,
        widget=forms.RadioSelect,
        help_text="您和孩子在同一本户口簿上的，用户口簿；不在同一本上的，用出生医学证明",
        error_messages={"required": "请选择证明材料。"},
    )
    pictures = PicturesField(
        label="证明的照片",
        help_text="可以一次选几张：户口簿请拍首页、户主页和孩子那一页；"
        f"四角拍全、字迹清楚，{FORMATS}，每张最大 {rule_text('PICTURE_MAX_BYTES')}",
        allow_empty_file=True,  # open_upload says it better
        error_messages={"required": "请选择证明的照片。"},
    )
    consent = forms.BooleanField(
        label="我是孩子的父亲或母亲，已和孩子一起阅读，"
        "单独同意为确认监护关系处理孩子的上述信息和证明影像",
        error_messages={
            "required": "不勾选同意，就不能在网上登记。"
            "不同意的话，请点「不同意，改到窗口办理」查看怎么办。"
        },
    )

    def __init__(self, *args, guardian, at, count_pictures=None, **options):
        super().__init__(*args, **options)
        if count_pictures:
            cast(PicturesField, self.fields["pictures"]).before_opening = count_pictures
        self.guardian = guardian
        self.at = at
        cast(forms.ChoiceField, self.fields["relation"]).choices = [
            (code, f"{code.label}（{SON_OR_DAUGHTER[SEXES[code][1]]}）")
            for code in relations_of(guardian.sex)
        ]

    def clean_name(self):
        name = names.normalise(self.cleaned_data["name"])
        names.check(name)
        return name

    def clean_id_number(self):
        number = id_numbers.normalise(self.cleaned_data["id_number"])
        id_numbers.check(number, day=day_of(self.at))
        if number == self.guardian.id_number:
            raise ValidationError(
                "这是您本人的号码。请填写孩子的 18 位身份证号码。", code="own_number"
            )
        return number

    def clean_relation(self):
        return Relation(self.cleaned_data["relation"])

    def clean(self):
        super().clean()
        data = self.cleaned_data
        number = data.get("id_number")
        if number and data.get("birth_date") not in (None, id_numbers.birth_date(number)):
            self.add_error(
                "birth_date",
                "出生日期与号码的第 7 至 14 位不一致，请核对出生日期和社会保障号码。",
            )
        return data

    def answers(self):
        """The arguments of `guardianships.register` that were typed."""
        wanted = ("name", "id_number", "relation", "proof_kind", "pictures")
        return {name: self.cleaned_data[name] for name in wanted}
