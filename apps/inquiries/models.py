"""修改请求: what an applicant wants changed when only the desk can still do something."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.cards.models import CardRequest
from apps.common.references import new_reference
from apps.encryption.fields import EncryptedTextField
from apps.inquiries.enums import InquiryStatus
from apps.inquiries.lifecycle import INQUIRY
from apps.lifecycle.models import Living, LivingQuerySet


class InquiryQuerySet(LivingQuerySet):
    def open(self):
        """Those that wait for an answer."""
        return self.filter(status=InquiryStatus.OPEN)

    def of(self, card_request):
        """Those about `card_request`, the newest first."""
        return self.filter(card_request=card_request).order_by("-pk")


class Inquiry(Living):
    """The applicant names fields of a request and says what is wrong; a reviewer answers.

    Both texts are deleted together with the particulars of the request (retention.py).
    """

    lifecycle = INQUIRY

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    card_request = models.ForeignKey(
        CardRequest, models.PROTECT, related_name="inquiries", verbose_name="申请"
    )
    fields = models.JSONField("要修改的内容", help_text='["phone", …]，见 requests/fields.py')
    text = EncryptedTextField("说明", blank=True, help_text="申请人写的；到保存期限后清空")
    asked_at = models.DateTimeField("提出时间")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人"
    )
    status = models.CharField("状态", max_length=8, choices=InquiryStatus)
    answer = EncryptedTextField("答复", blank=True, default="", help_text="到保存期限后清空")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="答复人",
    )
    forgotten_at = models.DateTimeField("清空时间", null=True, blank=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "修改请求"
        constraints = [
            INQUIRY.constraint(),
            models.UniqueConstraint(
                fields=["card_request"],
                condition=Q(status=InquiryStatus.OPEN),
                name="one_open_inquiry_per_request",
                violation_error_message="这件申请已有等待答复的修改请求。",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=InquiryStatus.ANSWERED,
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                )
                | (
                    ~Q(status=InquiryStatus.ANSWERED)
                    & Q(answered_at__isnull=True, answered_by__isnull=True)
                ),
                name="answered_inquiry_has_time_and_person",
            ),
        ]

    def __str__(self):
        return f"修改请求 #{self.pk}"

    @property
    def is_open(self):
        return self.status == InquiryStatus.OPEN

    @property
    def is_answered(self):
        return self.status == InquiryStatus.ANSWERED
