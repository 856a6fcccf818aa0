"""The one event table."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.cards.enums import Channel, Role
from apps.cards.models.card import Card
from apps.cards.models.request import CardRequest
from apps.people.models import Holder


class CardEvent(models.Model):
    """What happened, to which card or request, when, by whom and why. Rows are only ever added.

    It is the timeline that the applicant sees, the audit that the auditor reads, and the outbox
    from which notices are sent. The database refuses to change or delete a row.
    """

    class Subject(models.TextChoices):
        CARD = "CARD", "社保卡"
        REQUEST = "REQUEST", "申请"

    holder = models.ForeignKey(
        Holder, models.PROTECT, related_name="card_events", verbose_name="持卡人"
    )
    subject = models.CharField("对象", max_length=8, choices=Subject)
    card = models.ForeignKey(
        Card, models.PROTECT, null=True, blank=True, related_name="events", verbose_name="社保卡"
    )
    request = models.ForeignKey(
        CardRequest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name="申请",
    )
    action = models.CharField("动作", max_length=20)
    from_status = models.CharField("原状态", max_length=16, blank=True)
    to_status = models.CharField("新状态", max_length=16)
    due_at = models.DateTimeField(
        "应办时间", null=True, blank=True, help_text="与办理时间不同时才有，例如到期时间"
    )
    at = models.DateTimeField("办理时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="办理人",
    )
    role = models.CharField("身份", max_length=10, choices=Role)
    channel = models.CharField("渠道", max_length=10, choices=Channel)
    reason = models.TextField("原因", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "办理记录"
        constraints = [
            models.CheckConstraint(
                condition=Q(subject="CARD", card__isnull=False)
                | Q(subject="REQUEST", request__isnull=False),
                name="event_names_its_subject",
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=True, role__in=[Role.WORKER, Role.GATEWAY])
                | (Q(by__isnull=False) & ~Q(role__in=[Role.WORKER, Role.GATEWAY])),
                name="event_of_a_person_names_the_user",
            ),
        ]
        indexes = [
            # figures.Window.events and durations.measure: what happened to requests in some weeks.
            models.Index(
                fields=["action", "at"], condition=Q(subject="REQUEST"), name="event_for_figures"
            ),
        ]

    def __str__(self):
        return f"办理记录 #{self.pk}"
