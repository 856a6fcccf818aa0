"""Messages to people, made from the events, and the local outbox of a demonstration."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from apps.common import leases
from apps.encryption.fields import EncryptedTextField
from apps.events.messages import PORTAL
from apps.events.models import Event
from apps.guardianships.event_kinds import LATE as LATE_REGISTRATION
from apps.notices import channels, quiet_hours
from apps.notices.enums import MessageWay, NoticeStatus
from apps.people.enums import GuardianshipStatus
from apps.people.lifecycle import GUARDIANSHIP
from apps.people.models import Guardianship, Holder
from apps.requests.policies import settled_after

# Kinds of events about the registration of a child: they are about the guardian.
OF_REGISTRATIONS = (GUARDIANSHIP.name, LATE_REGISTRATION.name)
# A worker holds a message for this long; then another worker may send it.
LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
MOST_TRIES = 8
# How long a message can have to wait after each of its tries.
PAUSES = tuple(
    max(LEASE, leases.growing_pause(tries, first=FIRST_PAUSE, longest=LONGEST_PAUSE))
    for tries in range(1, MOST_TRIES)
)


class NoticeQuerySet(models.QuerySet):
    def written_to(self, user):
        """The messages in the portal that were written to `user`, who may not read all of them."""
        written = self.filter(recipient=user, channel=PORTAL, status=NoticeStatus.SENT)
        return written.filter(forgotten_at=None)

    def visible_to(self, user, *, at):
        """The messages in the portal that were written to `user`, and that `user` may read at `at`.

        What a guardian was told about a child ends with the 16th birthday, also where a corrected
        birth date says only later that it had come; that it was handed over, and what became of the
        guardian's own registration, stays.
        """
        told = OuterRef("sent_at")
        written_down = Q(status=GuardianshipStatus.ENDED, status_since__gt=told)
        was_guardian = Guardianship.objects.filter(
            Q(ends_at__gt=told) | written_down,
            ward=OuterRef("holder"),
            guardian__user=user,
            ends_at__lte=at,
        )
        return self.written_to(user).filter(
            Q(event__subject_kind__in=OF_REGISTRATIONS) | ~Exists(was_guardian)
        )

    def to_forget(self, before):
        """Those that were made before the moment `before`, wait no more, and have their text."""
        over = self.exclude(status=NoticeStatus.WAITING)
        return over.filter(created_at__lt=before, forgotten_at=None)

    def read_by(self, user):
        """The messages to `user` through all channels of what was read in the portal."""
        read = self.filter(recipient=user, channel=PORTAL, read_at__isnull=False)
        told = self.filter(recipient=user, event__in=read.values("event"), forgotten_at=None)
        return told.exclude(status=NoticeStatus.WAITING)

    def sent(self):
        return self.filter(status=NoticeStatus.SENT)

    def given_up(self):
        """Those that were not sent and that nobody has set aside; their text can still be made."""
        return self.filter(status=NoticeStatus.GIVEN_UP, is_set_aside=False, forgotten_at=None)

    def unread(self):
        return self.filter(read_at=None)

    def due(self, at):
        night = quiet_hours.length()
        pauses = [pause + night for pause in (settled_after(), *PAUSES)]
        waiting = self.filter(leases.due(at, pauses=pauses), status=NoticeStatus.WAITING)
        return waiting.order_by("next_try_at", "pk")


class Notice(models.Model):
    """One event told to one person through one channel.

    It has a `next_try_at` until it is sent; a message in the portal counts as sent once its text is
    in the row. Without `sent_at` and `next_try_at` it was given up, and `last_error` says why.
    """

    event = models.ForeignKey(
        Event, models.PROTECT, related_name="notices", verbose_name="办理记录", db_index=False
    )
    holder = models.ForeignKey(
        Holder,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name="持卡人",
        help_text="事情关系到谁；告诉同事的、与人无关的为空",
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="notices",
        verbose_name="收信人",
        help_text="持卡人本人，或代办的监护人",
    )
    channel = models.CharField("渠道", max_length=16)
    text = EncryptedTextField("内容", blank=True, help_text="发出时的原文")
    created_at = models.DateTimeField("建立时间")
    status = models.CharField(
        "状态", max_length=8, choices=NoticeStatus, default=NoticeStatus.WAITING
    )
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    next_try_at = models.DateTimeField("下次发送时间", null=True, blank=True)
    tries = models.PositiveSmallIntegerField("已发送次数", default=0)
    last_error = models.CharField("上次失败原因", max_length=200, blank=True)
    is_set_aside = models.BooleanField(
        "不再发送", default=False, help_text="没有发出，运维员也不再重试"
    )
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    forgotten_at = models.DateTimeField(
        "清空时间", null=True, blank=True, help_text="到期，或收信人自己删除"
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        constraints = [
            # Also the index by which services.collect sees which events were told.
            models.UniqueConstraint(
                fields=["event", "recipient", "channel"],
                name="one_notice_per_event_person_and_channel",
                violation_error_message="这件事已经通知过。",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=NoticeStatus.WAITING, next_try_at__isnull=False, sent_at__isnull=True
                )
                | Q(status=NoticeStatus.SENT, next_try_at__isnull=True, sent_at__isnull=False)
                | Q(status=NoticeStatus.GIVEN_UP, next_try_at__isnull=True, sent_at__isnull=True),
                name="notice_has_the_moments_of_its_status",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True) | Q(Exact(Length("text"), 0)),
                name="forgotten_notice_holds_nothing",
            ),
        ]
        indexes = [
            # NoticeQuerySet.to_forget: the messages whose time is over.
            models.Index(
                fields=["created_at"],
                condition=Q(forgotten_at__isnull=True),
                name="notice_to_forget",
            ),
            # NoticeQuerySet.due: the messages that still have to leave.
            models.Index(
                fields=["next_try_at"],
                condition=Q(status=NoticeStatus.WAITING),
                name="notice_to_send",
            ),
            # NoticeQuerySet.given_up: what waits for an operator.
            models.Index(
                fields=["id"],
                condition=Q(status=NoticeStatus.GIVEN_UP, is_set_aside=False),
                name="notice_given_up",
            ),
            # NoticeQuerySet.unread of one person: the number in the header of every page.
            models.Index(
                fields=["recipient"],
                condition=Q(read_at__isnull=True, channel=PORTAL),
                name="notice_unread",
            ),
        ]

    def __str__(self):
        return f"消息 #{self.pk}"

    def get_channel_display(self):
        """The label of the channel. The column has no `choices`, because apps may add channels."""
        return channels.get(self.channel).label


class MessagePreference(models.Model):
    """By which way one person wants to be told. Without a row it is SMS, with reminders."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="message_preference",
        verbose_name="账户",
    )
    way = models.CharField("接收方式", max_length=8, choices=MessageWay)
    wants_reminders = models.BooleanField(
        "接收提醒", default=True, db_default=True, help_text="不影响缴费、修改这类到期会作废的提醒"
    )
    changed_at = models.DateTimeField("选择时间")

    class Meta:
        verbose_name = verbose_name_plural = "消息接收方式"

    def __str__(self):
        return f"消息接收方式 #{self.pk}"


class MessageWordingQuerySet(models.QuerySet):
    def of_keys(self, keys):
        """All versions of the messages `keys`, the newest of each message first; one query."""
        return self.filter(key__in=keys).order_by("key", "-number")


class MessageWording(models.Model):
    """One version of the words of a message (`Message.key`), as a supervisor wrote them.

    Version 0 is the program's own and has no row. A version without `text` says the program's words
    again. Later versions replace earlier ones: in force at a moment is the one with the highest
    number among those whose `applies_from` has come. Rows are added, never changed.
    """

    key = models.CharField("消息", max_length=80)
    number = models.PositiveIntegerField("版本")
    text = models.TextField("内容", blank=True, help_text="不填就是程序原文")
    sms_text = models.TextField("短信内容", blank=True, help_text="不填就和内容一样")
    sms_code = models.CharField("短信模板代码", max_length=40, blank=True)
    title = models.CharField(
        "邮件标题", max_length=40, blank=True, db_default="", help_text="不填就是门户的名称"
    )
    reason = models.CharField("修改原因", max_length=200)
    applies_from = models.DateTimeField("起用时间")
    saved_at = models.DateTimeField("保存时间")
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="保存人"
    )

    objects = MessageWordingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "消息用语"
        constraints = [
            # Also the index by which the versions of a batch of messages are read.
            models.UniqueConstraint(
                fields=["key", "number"],
                name="one_wording_per_message_and_number",
                violation_error_message="刚刚有人保存了这条消息的新版本。",
            ),
        ]

    def __str__(self):
        return f"消息用语 #{self.pk}"


class NoticeCursor(models.Model):
    """Up to which event the notices are made: one row, so that no run reads all events again.

    Events get their number before they are committed, so an event with a lower number may appear
    after one with a higher number. `settled_event` therefore follows `seen_event` only when all
    transactions before `next_transaction` are over (`apps.events.settling`). The first two are
    numbers of events; 0 is before the first.
    """

    settled_event = models.PositiveBigIntegerField("已全部通知到的记录号", default=0)
    seen_event = models.PositiveBigIntegerField("当时最大的记录号", default=0)
    next_transaction = models.PositiveBigIntegerField("等这之前的事务结束", default=0, db_default=0)
    seen_at = models.DateTimeField("记下的时间")

    class Meta:
        verbose_name = verbose_name_plural = "通知进度"

    def __str__(self):
        return f"通知进度 #{self.pk}"


class OutboxMessage(models.Model):
    """An SMS that the local sender kept instead of sending it."""

    recipient = EncryptedTextField("收信手机号")
    text = EncryptedTextField("内容")
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "本地发件箱"

    def __str__(self):
        return f"本地消息 #{self.pk}"
