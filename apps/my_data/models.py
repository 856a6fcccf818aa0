"""更正请求: what people find wrong in what is kept about them, and the answer of HR."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from apps.common.kept_data import Category
from apps.common.references import new_reference
from apps.common.working_days import add_working_days
from apps.encryption.fields import EncryptedTextField
from apps.lifecycle.models import Living, LivingQuerySet
from apps.my_data.enums import CorrectionStatus
from apps.my_data.lifecycle import CORRECTION
from apps.people.models import Holder, seen_by

_ANSWERED = ~Q(status=CorrectionStatus.OPEN)


class CorrectionQuerySet(LivingQuerySet):
    def visible_to(self, user, *, at):
        """Those of the user and of the children whose guardian the user is at `at`, each by
        whoever asked: the words may be about another guardian.
        """
        return self.filter(seen_by(user, at=at, person="holder"), asked_by=user)

    def open(self):
        """Those that wait for an answer."""
        return self.filter(status=CorrectionStatus.OPEN)

    def to_forget(self, before):
        """Those that were answered before the moment `before` and still have their texts."""
        return self.filter(_ANSWERED, status_since__lt=before, forgotten_at=None)


class Correction(Living):
    """A person, or the guardian of a child, says what is wrong and what would be right.

    The texts are emptied settings.CORRECTION_RETENTION after the answer.
    """

    lifecycle = CORRECTION

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    holder = models.ForeignKey(
        Holder, models.PROTECT, related_name="corrections", verbose_name="谁的信息"
    )
    topic = models.CharField("哪一类", max_length=12)
    text = EncryptedTextField("哪里不对、应该是什么", blank=True, help_text="到保存期限后清空")
    asked_at = models.DateTimeField("提出时间")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人"
    )
    due_date = models.DateField("最迟答复日期")
    status = models.CharField("状态", max_length=9, choices=CorrectionStatus)
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

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "更正请求"
        constraints = [
            CORRECTION.constraint(),
            models.UniqueConstraint(
                fields=["holder", "asked_by", "topic"],
                condition=Q(status=CorrectionStatus.OPEN),
                name="one_open_correction_per_person_and_topic",
                violation_error_message="这一类信息您已经请人事处更正，还在等答复。",
            ),
            models.CheckConstraint(
                condition=(~_ANSWERED & Q(answered_at__isnull=True, answered_by__isnull=True))
                | (_ANSWERED & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="answered_correction_has_time_and_person",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True)
                | (Q(Exact(Length("text"), 0)) & Q(Exact(Length("answer"), 0))),
                name="forgotten_correction_holds_nothing",
            ),
        ]
        indexes = [
            # CorrectionQuerySet.open, the oldest first: the list of the desk.
            models.Index(
                fields=["due_date"],
                condition=Q(status=CorrectionStatus.OPEN),
                name="correction_to_answer",
            ),
        ]

    def __str__(self):
        return f"更正请求 #{self.pk}"

    @property
    def topic_label(self):
        """The heading under which people read what it is about."""
        return Category[self.topic].value

    @property
    def tone(self):
        """The colour of its tag."""
        return CorrectionStatus(self.status).tone

    @property
    def is_open(self):
        return self.status == CorrectionStatus.OPEN


def due_date(day):
    """The last day of the answer to somebody who asks on `day`."""
    return add_working_days(day, settings.ANSWER_WORKING_DAYS)
