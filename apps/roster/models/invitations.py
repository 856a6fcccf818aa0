"""Invitations to new people, by SMS."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.common import leases
from apps.roster.enums import InvitationStatus
from apps.roster.models.uploads import RosterUpload

LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
MOST_TRIES = 8
# How long an invitation can have to wait before its first try and after each one.
PAUSES = (
    timedelta(0),
    *(
        max(LEASE, leases.growing_pause(tries, first=FIRST_PAUSE, longest=LONGEST_PAUSE))
        for tries in range(1, MOST_TRIES)
    ),
)


class InvitationQuerySet(models.QuerySet):
    def live(self):
        """Those that were not accepted yet; a person has at most one."""
        return self.exclude(status=InvitationStatus.ACCEPTED)

    def due(self, at):
        waiting = self.filter(leases.due(at, pauses=PAUSES), status=InvitationStatus.WAITING)
        return waiting.order_by("next_try_at", "pk")


class Invitation(models.Model):
    """A new member of the staff is asked by SMS to choose the first password.

    It has a `next_try_at` until it is sent. Each try to send makes a new token for the link. Only
    its hash is stored, so that the table cannot be used to sign in.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="invitations",
        verbose_name="账户",
    )
    upload = models.ForeignKey(
        RosterUpload, models.PROTECT, related_name="invitations", verbose_name="人事名册"
    )
    token_hash = models.CharField("链接摘要", max_length=64, unique=True, null=True, blank=True)
    phone_index = models.CharField(
        "手机号索引", max_length=64, blank=True, default="", help_text="链接发到哪个号码"
    )
    status = models.CharField(
        "状态", max_length=8, choices=InvitationStatus, default=InvitationStatus.WAITING
    )
    created_at = models.DateTimeField("建立时间")
    next_try_at = models.DateTimeField("下次发送时间", null=True, blank=True)
    tries = models.PositiveSmallIntegerField("已发送次数", default=0)
    last_error = models.CharField("上次失败原因", max_length=200, blank=True)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    expires_at = models.DateTimeField("链接失效时间", null=True, blank=True)
    wrong_answers = models.PositiveSmallIntegerField("答错次数", default=0)
    accepted_at = models.DateTimeField("首次登录时间", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "邀请"
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=~Q(status=InvitationStatus.ACCEPTED),
                name="one_live_invitation_per_user",
                violation_error_message="这个账户已有一份邀请。",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=InvitationStatus.WAITING,
                    next_try_at__isnull=False,
                    sent_at__isnull=True,
                    accepted_at__isnull=True,
                )
                | Q(
                    status=InvitationStatus.SENT,
                    next_try_at__isnull=True,
                    sent_at__isnull=False,
                    accepted_at__isnull=True,
                )
                | Q(
                    status=InvitationStatus.GIVEN_UP,
                    next_try_at__isnull=True,
                    sent_at__isnull=True,
                    accepted_at__isnull=True,
                )
                | Q(
                    status=InvitationStatus.ACCEPTED,
                    next_try_at__isnull=True,
                    accepted_at__isnull=False,
                ),
                name="invitation_has_the_moments_of_its_status",
            ),
        ]
        indexes = [
            # InvitationQuerySet.due: the invitations that still have to leave.
            models.Index(
                fields=["next_try_at"],
                condition=Q(status=InvitationStatus.WAITING),
                name="invitation_to_send",
            ),
        ]

    def __str__(self):
        return f"邀请 #{self.pk}"

    @property
    def is_accepted(self):
        return self.status == InvitationStatus.ACCEPTED
