"""A temporary loss: from the report to whatever ended it."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from apps.cards.enums import CardAction, CardStatus
from apps.cards.lifecycle import CARD
from apps.cards.models import Card
from apps.events.models import Event
from apps.loss_report.enums import Outcome
from apps.people.models import Holder

# Every way out of SUSPENDED in the card's table of moves.
OUTCOME_OF = {
    CardAction.LIFT: Outcome.LIFTED,
    CardAction.EXPIRE: Outcome.EXPIRED,
    CardAction.CONFIRM_LOSS: Outcome.CONVERTED,
    CardAction.RETIRE: Outcome.RETIRED,
}


@dataclass(frozen=True)
class End:
    outcome: Outcome
    at: datetime


class LossReportQuerySet(models.QuerySet):
    def visible_to(self, user, *, at):
        """Those on cards of the user and of the children whose guardian the user is on `on`."""
        return self.filter(card__holder__in=Holder.objects.visible_to(user, at=at))

    def open(self):
        return self.filter(closed_at=None)

    def with_ending(self):
        """Annotates `ending_action` and `ending_at` of the move that ended the suspension.

        The card may be moved on by other matters, which know nothing of this table; the events say
        what became of it. Both are None while the card is as this report left it.
        """
        ending = _endings().annotate(effective_at=Coalesce("due_at", "at")).order_by("pk")
        return self.annotate(
            ending_action=Subquery(ending.values("action")[:1]),
            ending_at=Subquery(ending.values("effective_at")[:1]),
        )

    def overtaken(self):
        """Open here, although the card has left the suspension."""
        return self.open().filter(Exists(_endings()))

    def to_remind(self, at, *, before):
        """Running at `at`, with `before` or less to go, not reminded, and made before that time."""
        return self.open().filter(
            ~Exists(_endings()),
            reminded_at=None,
            ends_at__gt=at,
            ends_at__lte=at + before,
            reported_at__lt=F("ends_at") - before,
        )


def _endings():
    return Event.objects.of_kind(CARD).filter(
        subject_id=OuterRef("card"), from_status=CardStatus.SUSPENDED, pk__gt=OuterRef("event")
    )


class LossReport(models.Model):
    """One temporary loss of one card. `ends_at` and `days` are as they were when it was reported:
    a later change of the city's setting never touches them.
    """

    card = models.ForeignKey(
        Card, models.PROTECT, related_name="loss_reports", verbose_name="社保卡"
    )
    event = models.OneToOneField(
        Event, models.PROTECT, related_name="loss_report", verbose_name="办理记录"
    )
    reported_at = models.DateTimeField("挂失时间")
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="挂失人"
    )
    days = models.PositiveSmallIntegerField("天数", help_text="自然日，挂失时该城市的设定")
    ends_at = models.DateTimeField("到期时间", help_text="挂失当天不计，最后一天的 24:00")
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    outcome = models.CharField("结果", max_length=9, choices=Outcome, blank=True)
    reminded_at = models.DateTimeField("到期提醒时间", null=True, blank=True)

    objects = LossReportQuerySet.as_manager()

    # Annotated by `with_ending`.
    ending_action: str | None
    ending_at: datetime | None

    class Meta:
        verbose_name = verbose_name_plural = "临时挂失"
        constraints = [
            models.UniqueConstraint(
                fields=["card"],
                condition=Q(closed_at__isnull=True),
                name="one_open_loss_report_per_card",
                violation_error_message="这张社保卡正在临时挂失。",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="")
                | Q(closed_at__isnull=False, outcome__in=Outcome.values),
                name="closed_loss_report_has_its_outcome",
                violation_error_message="结束的临时挂失必须有结果，没有结束的不能有。",
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
                condition=Q(closed_at__isnull=True, reminded_at__isnull=True),
                name="loss_report_to_remind",
            ),
        ]

    def __str__(self):
        return f"临时挂失 #{self.pk}"

    def end(self, at):
        """How and when the suspension ended, as true at the moment `at`; None while it runs.

        Needs `with_ending`. It does not matter whether the worker has written it down.
        """
        if self.closed_at is not None:
            return End(Outcome(self.outcome), self.closed_at)
        if self.ending_action and self.ending_at:
            return End(OUTCOME_OF[CardAction(self.ending_action)], self.ending_at)
        if self.ends_at <= at:
            return End(Outcome.EXPIRED, self.ends_at)
        return None
