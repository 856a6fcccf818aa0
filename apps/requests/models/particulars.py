"""What was filled in for a request, and what a reviewer wants changed."""

import json
from datetime import datetime

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import F, Q

from apps.cards.enums import RequestStatus
from apps.cards.models.card_request import CardRequest
from apps.common.references import new_reference
from apps.encryption.fields import (
    BlindIndexField,
    EncryptedDateField,
    EncryptedTextField,
    FollowedQuerySet,
    NameKeyField,
    is_empty,
)
from apps.people.enums import Ethnicity, HouseholdType, IdType, Occupation, Relation, Sex
from apps.people.models import Holder


def portrait_path(particulars, filename):
    """The name under which a portrait is stored. The name of the uploaded file is not kept."""
    return f"portraits/{new_reference()}.jpg"


# What is left of forgotten particulars: type of document, sex, nationality, and who acted.
HOLDS_NOTHING = (
    Q(name="", name_key="", birth_date__isnull=True, ethnicity="", occupation="", household_type="")
    & Q(id_valid_from__isnull=True, id_valid_until__isnull=True)
    & Q(birth_date_index__isnull=True)
    & Q(id_number_index__isnull=True, phone_index__isnull=True, address_index__isnull=True)
    & Q(portrait_source="", portrait="")
    & is_empty("id_number")
    & is_empty("phone")
    & is_empty("address")
    & is_empty("extra")
    & is_empty("typed")
)


class ParticularsQuerySet(FollowedQuerySet):
    def with_pictures(self):
        return self.exclude(portrait="", portrait_source="")

    def abandoned(self, before):
        """Drafts last saved before `before`. A draft that was emptied counts as never saved."""
        return self.filter(card_request__status=RequestStatus.DRAFT, saved_at__lt=before)


class Particulars(models.Model):
    """What the applicant filled in: the data that the card maker and the bank need.

    A draft may be incomplete, so every column may be empty; the form judges completeness before
    the request is submitted. Name, ID number, sex and birth date are copied from the holder and
    never typed.
    """

    card_request = models.OneToOneField(
        CardRequest,
        models.PROTECT,
        related_name="particulars",
        verbose_name="申请",
    )
    name = models.CharField("姓名", max_length=50)
    name_key = NameKeyField("姓名检索码", source="name")
    id_type = models.CharField("证件类型", max_length=1, choices=IdType)
    id_number = EncryptedTextField("社会保障号码")
    id_number_index = BlindIndexField("社会保障号码索引", source="id_number")
    sex = models.CharField("性别", max_length=1, choices=Sex)
    birth_date = EncryptedDateField("出生日期", null=True, help_text="清空之前一定有")
    birth_date_index = BlindIndexField("出生日期索引", source="birth_date")
    nationality = models.CharField("国籍", max_length=3, default="CHN")
    ethnicity = models.CharField("民族", max_length=2, choices=Ethnicity, blank=True)
    id_valid_from = models.DateField("证件有效期起", null=True, blank=True)
    id_valid_until = models.DateField(
        "证件有效期止", null=True, blank=True, help_text="长期有效记为 9999-12-31"
    )
    phone = EncryptedTextField("手机号", blank=True)
    phone_index = BlindIndexField("手机号索引", source="phone")
    address = EncryptedTextField("常住地址", blank=True)
    address_index = BlindIndexField("常住地址索引", source="address")
    occupation = models.CharField("职业", max_length=7, choices=Occupation, blank=True)
    household_type = models.CharField("户口性质", max_length=3, choices=HouseholdType, blank=True)
    extra = EncryptedTextField(
        "其他填写内容",
        blank=True,
        default="",
        help_text="不单独成列的各项（JSON），见 fields.py",
    )
    guardian = models.ForeignKey(
        Holder,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="代办的监护人",
    )
    guardian_relation = models.CharField("监护关系", max_length=1, choices=Relation, blank=True)
    portrait_source = models.FileField(
        "上传的照片", upload_to=portrait_path, blank=True, max_length=100
    )
    portrait = models.FileField("制证照片", upload_to=portrait_path, blank=True, max_length=100)
    portrait_crop = models.JSONField("裁剪框", default=dict, blank=True)
    portrait_findings = models.JSONField("照片检查结果", default=list, blank=True)
    is_portrait_close = models.BooleanField(
        "照片接近标准界限",
        default=False,
        db_default=False,
        help_text="照片检查时写下，供审核时提示",
    )
    source_offered_at = models.DateTimeField(
        "上传的照片由单位提供的时间", null=True, blank=True, help_text="空：本人上传"
    )
    portrait_offered_at = models.DateTimeField(
        "制证照片由单位提供的时间", null=True, blank=True, help_text="空：本人上传"
    )
    portrait_saved_at = models.DateTimeField("照片保存时间", null=True, blank=True)
    typed = EncryptedTextField(
        "填写原文",
        blank=True,
        default="",
        help_text="表单内容原样（JSON），填错的也保留，提交后清空",
    )
    saved_at = models.DateTimeField(
        "最后保存时间", null=True, blank=True, help_text="空：久未保存，填写的内容已清空"
    )
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="最后保存人",
    )
    edited = models.JSONField(
        "各项由谁保存", default=dict, blank=True, help_text="项目 → [账户, 时间]，提交后清空"
    )
    forgotten_at = models.DateTimeField(
        "清空时间", null=True, blank=True, help_text="办结多时，个人信息已删除"
    )

    objects = ParticularsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "申领信息"
        constraints = [
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True, birth_date__isnull=False)
                | (Q(forgotten_at__isnull=False) & HOLDS_NOTHING),
                name="forgotten_particulars_hold_nothing",
            ),
            models.CheckConstraint(
                condition=Q(saved_at__isnull=True, saved_by__isnull=True)
                | Q(saved_at__isnull=False, saved_by__isnull=False),
                name="saved_particulars_have_time_and_person",
            ),
            models.CheckConstraint(
                condition=Q(guardian__isnull=True, guardian_relation="")
                | (Q(guardian__isnull=False) & ~Q(guardian_relation="")),
                name="guardian_comes_with_relation",
                violation_error_message="代办时监护人和监护关系要同时填写。",
            ),
            models.CheckConstraint(
                condition=Q(id_valid_from__isnull=True)
                | Q(id_valid_until__isnull=True)
                | Q(id_valid_until__gt=F("id_valid_from")),
                name="id_document_ends_after_it_begins",
                violation_error_message="证件有效期的终止日期应晚于起始日期。",
            ),
        ]
        indexes = [
            # case_search: by the phone that was filled in.
            models.Index(fields=["phone_index"], name="particulars_by_phone"),
            # case_search: by the beginning of the name, in any spelling and collation.
            models.Index(
                fields=["name_key"], name="particulars_by_name", opclasses=["varchar_pattern_ops"]
            ),
        ]

    def __str__(self):
        return f"申领信息 #{self.pk}"

    @property
    def extra_values(self):
        """Name → text, of the fields without a column."""
        return json.loads(self.extra) if self.extra else {}

    def author_of(self, name):
        """(user, moment) of who saved the field `name` last since it was opened; else Nones."""
        if name not in self.edited:
            return None, None
        key, at = self.edited[name]
        user = get_user_model().objects.select_related("holder").get(pk=key)
        return user, datetime.fromisoformat(at)

    def edited_by(self, user, names, *, at):
        """`edited` after `user` has saved the fields `names` at `at`."""
        return self.edited | dict.fromkeys(names, [user.pk, at.isoformat()])

    @property
    def is_portrait_forgotten(self):
        """Whether there was a portrait that is deleted by now."""
        return self.portrait_saved_at is not None and not self.portrait


class AmendmentQuerySet(models.QuerySet):
    def open(self):
        """Those that wait for the applicant."""
        return self.filter(answered_at__isnull=True)

    def lapsed(self, today):
        """What applicants took back themselves and did not hand in by its last day."""
        return self.open().filter(is_own=True, due_date__lt=today)

    def answered(self):
        return self.filter(answered_at__isnull=False, is_recalled=False)


class Amendment(models.Model):
    """What is to be changed in a request, the values before, and when that was done.

    A reviewer asked for it, or the applicant took the request back to change it (`is_own`); then
    the items have no reason. The values before are kept so that the next reviewer sees what
    changed. They are deleted together with the particulars and the portrait of the request
    (retention.py).
    """

    card_request = models.ForeignKey(
        CardRequest, models.PROTECT, related_name="amendments", verbose_name="申请"
    )
    items = models.JSONField("需修改的内容", help_text='[{"field": "phone", "reason": "…"}, …]')
    before = EncryptedTextField(
        "修改前的内容",
        blank=True,
        default="",
        help_text="被要求修改的各列当时的值（JSON），与申请信息同时清空",
    )
    portrait_before = models.FileField(
        "修改前的照片", upload_to=portrait_path, blank=True, max_length=100
    )
    is_own = models.BooleanField("自行修改", default=False, help_text="申请人自己取回修改")
    due_date = models.DateField("最晚修改日期")
    asked_at = models.DateTimeField("提出时间")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人"
    )
    answered_at = models.DateTimeField("修改完成时间", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="修改人",
    )
    is_recalled = models.BooleanField(
        "已撤回", default=False, db_default=False, help_text="退回修改后又撤回，申请人不用修改"
    )

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "修改要求"
        constraints = [
            models.UniqueConstraint(
                fields=["card_request"],
                condition=Q(answered_at__isnull=True),
                name="one_open_amendment_per_request",
                violation_error_message="这件申请已有未完成的修改要求。",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="amendment_answer_has_time_and_person",
            ),
            models.CheckConstraint(
                condition=Q(is_recalled=False) | Q(answered_at__isnull=False, is_own=False),
                name="only_what_the_desk_asked_for_is_recalled",
            ),
        ]

    def __str__(self):
        return f"修改要求 #{self.pk}"

    @property
    def fields(self):
        """The names of the fields that are open for change."""
        return [item["field"] for item in self.items]

    @property
    def values_before(self):
        """Column → the value before, as text. Empty once it is deleted."""
        return json.loads(self.before) if self.before else {}
