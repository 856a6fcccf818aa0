"""The request that leads to a card, its particulars, and what a reviewer wants changed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.urls import reverse

from apps.cards.enums import (
    REQUEST_FINAL,
    REQUEST_IN_FLIGHT,
    REQUEST_WITH_CARD,
    ReplacementReason,
    RequestAction,
    RequestKind,
    RequestStatus,
)
from apps.cards.models.card import Card
from apps.common.fields import EncryptedTextField
from apps.common.references import new_reference
from apps.people.enums import Ethnicity, HouseholdType, IdType, Occupation, Relation, Sex
from apps.people.models import Guardianship, Holder
from apps.regions.models import Bank, City


def portrait_path(particulars, filename):
    """Our own name for a portrait; what the visitor's file was called is never kept."""
    return f"portraits/{new_reference()}.jpg"


class CardRequestQuerySet(models.QuerySet):
    def visible_to(self, user, *, on):
        """The requests of the user and of the children whose guardian the user is on `on`.

        What a guardian began and the 16th birthday overtook stays visible to the guardians until
        it ends; to act on it is no longer theirs (`permissions.role_of`).
        """
        wards = Guardianship.objects.confirmed().filter(guardian__user=user).values("ward")
        overtaken = Q(
            holder__in=wards, particulars__guardian__isnull=False, status__in=REQUEST_IN_FLIGHT
        )
        return self.filter(Q(holder__in=Holder.objects.visible_to(user, on=on)) | overtaken)

    def in_flight(self):
        return self.filter(status__in=REQUEST_IN_FLIGHT)

    def submitted(self):
        """All that left the draft, ended ones included."""
        return self.exclude(status=RequestStatus.DRAFT)

    def with_submitted_at(self):
        """Annotates `submitted_at` (申领日期): the moment of the submission, None for a draft."""
        return self.annotate(
            submitted_at=models.Min("events__at", filter=Q(events__action=RequestAction.SUBMIT))
        )

    def resting_since(self, status, before):
        """Those that have been in `status` since `before` or longer, the longest first."""
        return self.filter(status=status, status_since__lte=before).order_by("status_since")

    def ended_before(self, moment):
        return self.filter(status__in=REQUEST_FINAL, status_since__lte=moment)


class CardRequest(models.Model):
    """An 申领 or a 补换, from the first saved line to the card in hand."""

    reference = models.CharField("业务受理编号", max_length=16, unique=True, default=new_reference)
    holder = models.ForeignKey(
        Holder, models.PROTECT, related_name="requests", verbose_name="申请人"
    )
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="requests",
        verbose_name="经办人",
        help_text="填写申请的账户：本人，或代办的监护人",
    )
    kind = models.CharField("事项", max_length=12, choices=RequestKind)
    city = models.ForeignKey(City, models.PROTECT, related_name="+", verbose_name="申领地区")
    bank = models.ForeignKey(Bank, models.PROTECT, related_name="+", verbose_name="发卡银行")
    status = models.CharField("状态", max_length=16, choices=RequestStatus)
    status_since = models.DateTimeField("状态开始时间")
    old_card = models.ForeignKey(
        Card,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replacement_requests",
        verbose_name="旧卡",
    )
    replacement_reason = models.CharField(
        "补换原因", max_length=16, choices=ReplacementReason, blank=True
    )
    card = models.OneToOneField(
        Card,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="request",
        verbose_name="制成的社保卡",
    )
    carrier = models.CharField("承运方", max_length=20, blank=True)
    tracking_number = models.CharField("运单号", max_length=30, blank=True)

    objects = CardRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "申领补换申请"
        permissions = [("review_cardrequest", "可以审核申请")]
        constraints = [
            models.UniqueConstraint(
                fields=["holder"],
                condition=Q(status__in=REQUEST_IN_FLIGHT),
                name="one_request_in_flight_per_holder",
                violation_error_message="同一个人同时只能有一件在办的申请。",
            ),
            models.CheckConstraint(
                condition=Q(status__in=RequestStatus.values), name="request_status_is_known"
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind=RequestKind.FIRST, old_card__isnull=True, replacement_reason="")
                    | (
                        Q(kind=RequestKind.REPLACEMENT, old_card__isnull=False)
                        & ~Q(replacement_reason="")
                    )
                ),
                name="replacement_names_old_card_and_reason",
                violation_error_message="补换申请必须有旧卡和补换原因，申领不能有。",
            ),
            models.CheckConstraint(
                condition=Q(status__in=REQUEST_WITH_CARD, card__isnull=False)
                | (~Q(status__in=REQUEST_WITH_CARD) & Q(card__isnull=True)),
                name="made_request_has_its_card",
                violation_error_message="制卡成功的申请必须有社保卡，其他状态不能有。",
            ),
        ]
        indexes = [
            # CardRequestQuerySet.resting_since: the sweeps over what rests in a status.
            models.Index(
                fields=["status", "status_since"],
                condition=~Q(status__in=REQUEST_FINAL),
                name="request_resting_since",
            ),
        ]

    def __str__(self):
        return f"申请 #{self.pk}"

    def get_absolute_url(self):
        return reverse("progress:detail", args=[self.reference])

    def status_at(self, at):
        """The status at `at`; a request has no status that time alone changes."""
        return RequestStatus(self.status)

    @property
    def is_replacement(self):
        return self.kind == RequestKind.REPLACEMENT

    @property
    def matter(self):
        """申领, or of a replacement 补领 where the card was lost and 换领 otherwise."""
        if not self.is_replacement:
            return self.get_kind_display()
        return "补领" if self.replacement_reason == ReplacementReason.LOST else "换领"

    @property
    def is_final(self):
        return self.status in REQUEST_FINAL


def _empty(name):
    """An encrypted column cannot be compared, but its length can."""
    return Q(Exact(Length(name), 0))


# What is left of forgotten particulars: type of document, sex, nationality, and who acted.
HOLDS_NOTHING = (
    Q(name="", birth_date__isnull=True, ethnicity="", occupation="", household_type="")
    & Q(id_valid_from__isnull=True, id_valid_until__isnull=True)
    & Q(portrait_source="", portrait="")
    & _empty("id_number")
    & _empty("phone")
    & _empty("address")
    & _empty("typed")
)


class ParticularsQuerySet(models.QuerySet):
    def with_pictures(self):
        return self.exclude(portrait="", portrait_source="")

    def abandoned(self, before):
        """Drafts that nobody saved since `before`; one that was emptied counts as never saved."""
        return self.filter(request__status=RequestStatus.DRAFT, saved_at__lte=before)


class Particulars(models.Model):
    """What the applicant filled in: the data that the card maker and the bank need.

    A draft may be incomplete, so every column may be empty; the form judges completeness before
    the request is submitted. Name, ID number, sex and birth date are copied from the holder and
    never typed.
    """

    request = models.OneToOneField(
        CardRequest,
        models.PROTECT,
        related_name="particulars",
        verbose_name="申请",
    )
    name = models.CharField("姓名", max_length=50)
    id_type = models.CharField("证件类型", max_length=1, choices=IdType)
    id_number = EncryptedTextField("社会保障号码")
    sex = models.CharField("性别", max_length=1, choices=Sex)
    birth_date = models.DateField("出生日期", null=True, help_text="清空之前一定有")
    nationality = models.CharField("国籍", max_length=3, default="CHN")
    ethnicity = models.CharField("民族", max_length=2, choices=Ethnicity, blank=True)
    id_valid_from = models.DateField("证件有效期起", null=True, blank=True)
    id_valid_until = models.DateField(
        "证件有效期止", null=True, blank=True, help_text="长期有效记为 9999-12-31"
    )
    phone = EncryptedTextField("手机号", blank=True)
    address = EncryptedTextField("常住地址", blank=True)
    occupation = models.CharField("职业", max_length=7, choices=Occupation, blank=True)
    household_type = models.CharField("户口性质", max_length=3, choices=HouseholdType, blank=True)
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

    def __str__(self):
        return f"申领信息 #{self.pk}"

    @property
    def is_portrait_forgotten(self):
        """Whether there was a portrait that is deleted by now."""
        return self.portrait_saved_at is not None and not self.portrait


class Amendment(models.Model):
    """What a reviewer asked the applicant to change, and when it was answered."""

    request = models.ForeignKey(
        CardRequest, models.PROTECT, related_name="amendments", verbose_name="申请"
    )
    items = models.JSONField("需修改的内容", help_text='[{"field": "phone", "reason": "…"}, …]')
    due_date = models.DateField("请在此日前修改")
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

    class Meta:
        verbose_name = verbose_name_plural = "修改要求"
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(answered_at__isnull=True),
                name="one_open_amendment_per_request",
                violation_error_message="这件申请已有未完成的修改要求。",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="amendment_answer_has_time_and_person",
            ),
        ]

    def __str__(self):
        return f"修改要求 #{self.pk}"

    @property
    def fields(self):
        """The names of the fields that are open for change."""
        return [item["field"] for item in self.items]
