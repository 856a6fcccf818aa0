"""A temporary loss, from the report to its end."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.cards.models import Card
from apps.lifecycle.models import Living, LivingQuerySet
from apps.loss_report.enums import LossReportStatus
from apps.loss_report.lifecycle import LOSS_REPORT
from apps.people.models import seen_by


@dataclass(frozen=True)
class End:
    """How and when a temporary loss ended. An end by the clock is at 24:00 of the last day."""

    status: LossReportStatus
    at: datetime
    is_by_clock: bool


class LossReportQuerySet(LivingQuerySet):
    def visible_to(self, user, *, at):
        """Those on cards of the user and of the children whose guardian the user is at `at`."""
        return self.filter(seen_by(user, at=at, person="card__holder"))

    def running(self, at):
        """Those that have not ended by the moment `at`."""
        return self.in_status(LossReportStatus.OPEN, at=at)

    def to_remind(self, at, *, before):
        """Running reports that end within `before`, were made before that, and have no reminder."""
        return self.running(at).filter(
            reminded_at=None,
            ends_at__lte=at + before,
            reported_at__lt=F("ends_at") - before,
        )


class LossReport(Living):
    """One temporary loss of one card.

    `ends_at` and `days` are those at the time of the report. A later change of the city's rule does
    not change them.
    """

    lifecycle = LOSS_REPORT

    card = models.ForeignKey(
        Card, models.PROTECT, related_name="loss_reports", verbose_name="社保卡"
    )
    reported_at = models.DateTimeField("挂失时间")
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="挂失人"
    )
    days = models.PositiveSmallIntegerField("天数", help_text="自然日，挂失时该城市的设定")
    ends_at = models.DateTimeField("到期时间", help_text="挂失当天不计，最后一天的 24:00")
    status = models.CharField("状态", max_length=9, choices=LossReportStatus)
    reminded_at = models.DateTimeField("到期提醒时间", null=True, blank=True)

    objects = LossReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "临时挂失"
        constraints = [
            LOSS_REPORT.constraint(),
            models.UniqueConstraint(
                fields=["card"],
                condition=Q(status=LossReportStatus.OPEN),
                name="one_open_loss_report_per_card",
                violation_error_message="这张社保卡正在临时挂失。",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("reported_at")),
                name="loss_report_ends_after_it_begins",
                violation_error_message="到期时间应晚于挂失时间。",
            ),
        ]
        indexes = [
            # LossReportQuerySet.to_remind: the running ones that end soon.
            models.Index(
                fields=["ends_at"],
                condition=Q(status=LossReportStatus.OPEN, reminded_at__isnull=True),
                name="loss_report_to_remind",
            ),
        ]

    def __str__(self):
        return f"临时挂失 #{self.pk}"

    def end(self, at):
        """The `End` at the moment `at`, also while it is not written down; None before the end."""
        if not self.is_over(at):
            return None
        status = self.status_at(at)
        is_by_clock = status == LossReportStatus.EXPIRED
        return End(status, self.ends_at if is_by_clock else self.status_since, is_by_clock)
