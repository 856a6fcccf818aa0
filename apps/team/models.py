"""The mail of a working morning to those who decide: what is overdue, and what is due today."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.common import leases

FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=1)
MOST_TRIES = 5
# How long a mail can have to wait after each of its tries.
PAUSES = tuple(
    leases.growing_pause(max(tries, 1), first=FIRST_PAUSE, longest=LONGEST_PAUSE)
    for tries in range(MOST_TRIES)
)


class DigestQuerySet(models.QuerySet):
    def due(self, at, *, day):
        """Those of `day` that still have to leave."""
        waiting = self.filter(leases.due(at, pauses=PAUSES), day=day)
        return waiting.order_by("next_try_at", "pk")


class Digest(models.Model):
    """The mail of one day to one member of the desk: a row is the memory that it was dealt with.

    It has a `next_try_at` until it is handed to the mail server. `handed_at` is written before
    that, so that a worker that dies in between sends none rather than two. Without both, nothing
    was due, or it was given up, and `last_error` says why.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests", verbose_name="收信人"
    )
    day = models.DateField("哪一天")
    next_try_at = models.DateTimeField("下次发送时间", null=True, blank=True)
    tries = models.PositiveSmallIntegerField("已发送次数", default=0)
    handed_at = models.DateTimeField("发出时间", null=True, blank=True)
    last_error = models.CharField("上次失败原因", max_length=200, blank=True)

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "晨报"
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="one_digest_per_person_and_day"),
            models.CheckConstraint(
                condition=Q(next_try_at__isnull=True) | Q(handed_at__isnull=True),
                name="digest_that_was_handed_over_waits_no_more",
            ),
        ]
        indexes = [
            # sending.forget: the mails of long ago.
            models.Index(fields=["day"], name="digest_by_day"),
        ]

    def __str__(self):
        return f"晨报 #{self.pk}"
