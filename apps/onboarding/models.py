"""People who stand at one step are reminded together: first a dry run, then its rows one by one."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.common.references import new_reference
from apps.invitations.funnel import FunnelStep
from apps.lifecycle.models import Living, LivingQuerySet
from apps.onboarding.enums import REMINDED_OF, ReminderOutcome, ReminderRunStatus
from apps.onboarding.lifecycle import REMINDER_RUN
from apps.people.models import Holder


class ReminderRunQuerySet(LivingQuerySet):
    def under_way(self):
        """Those with rows that wait, the oldest first."""
        return self.filter(status=ReminderRunStatus.RUNNING).order_by("pk")

    def over(self, before):
        """Those from before the moment `before` that nobody started, or that are done."""
        return self.filter(prepared_at__lt=before).exclude(status=ReminderRunStatus.RUNNING)


class ReminderRun(Living):
    """`by` reminds the people of `rows`. Nobody is told before it is started."""

    lifecycle = REMINDER_RUN

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    chosen = models.CharField("范围", max_length=120)
    query = models.CharField("范围的地址", max_length=200, blank=True)
    step = models.CharField("停在哪一步", max_length=16, choices=FunnelStep)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人"
    )
    status = models.CharField("状态", max_length=10, choices=ReminderRunStatus)
    prepared_at = models.DateTimeField("预检时间")

    objects = ReminderRunQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "成批提醒"
        constraints = [
            REMINDER_RUN.constraint(),
            models.CheckConstraint(
                condition=Q(step__in=[step.value for step in REMINDED_OF]),
                name="reminder_run_is_about_a_step_of_the_person",
                violation_error_message="停在这一步的人不用提醒。",
            ),
        ]
        indexes = [
            # ReminderRunQuerySet.under_way: what the worker looks for every few seconds.
            models.Index(
                fields=["id"],
                condition=Q(status=ReminderRunStatus.RUNNING),
                name="reminder_run_under_way",
            ),
        ]

    def __str__(self):
        return f"成批提醒 {self.reference}"

    @property
    def is_prepared(self):
        """Whether it is a dry run that nobody started."""
        return self.status == ReminderRunStatus.PREPARED

    @property
    def is_under_way(self):
        return self.status == ReminderRunStatus.RUNNING


class ReminderRowQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(outcome=ReminderOutcome.WAITING)

    def counts(self):
        """{`ReminderOutcome`: number} of all outcomes that occur."""
        found = self.order_by().values_list("outcome").annotate(number=models.Count("pk"))
        return {ReminderOutcome(outcome): number for outcome, number in found}

    def reasons(self):
        """[(why, number)] of those who are left out, the most frequent first."""
        left_out = self.filter(outcome=ReminderOutcome.LEFT_OUT).order_by()
        found = left_out.values_list("reason").annotate(number=models.Count("pk"))
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))


class ReminderRow(models.Model):
    """One person of a run, and whether the person was told."""

    run = models.ForeignKey(
        ReminderRun, models.CASCADE, related_name="rows", verbose_name="成批提醒"
    )
    holder = models.ForeignKey(
        Holder, models.PROTECT, related_name="reminder_rows", verbose_name="人员"
    )
    outcome = models.CharField(
        "结果", max_length=10, choices=ReminderOutcome, default=ReminderOutcome.WAITING
    )
    reason = models.CharField("不提醒的原因", max_length=120, blank=True)

    objects = ReminderRowQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "成批提醒的人"
        constraints = [
            models.UniqueConstraint(fields=["run", "holder"], name="one_reminder_row_per_person"),
            models.CheckConstraint(
                condition=(Q(outcome=ReminderOutcome.LEFT_OUT) & ~Q(reason=""))
                | (~Q(outcome=ReminderOutcome.LEFT_OUT) & Q(reason="")),
                name="reminder_row_left_out_says_why",
            ),
        ]
        indexes = [
            # reminding.work_off: the rows of a run that still wait.
            models.Index(
                fields=["run", "id"],
                condition=Q(outcome=ReminderOutcome.WAITING),
                name="reminder_row_waiting",
            ),
        ]

    def __str__(self):
        return f"成批提醒的人 #{self.pk}"
