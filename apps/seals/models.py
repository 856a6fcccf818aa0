"""The tree over the book of events, its signed heads, and where these were sent."""

from django.conf import settings
from django.db import models

from apps.common.addresses import row_url
from apps.common.references import new_reference
from apps.events.models import Event
from apps.seals import checkpoints
from apps.seals.checkpoints import Checkpoint
from apps.seals.enums import CopyChannel


class LeafQuerySet(models.QuerySet):
    def of(self, event):
        """The leaf of `event`, or None while it is not sealed."""
        return self.filter(event=event).first()


class Leaf(models.Model):
    """One sealed event, numbered from 0 in the order of sealing.

    An event that was committed late has a lower key than others sealed before it. There is no
    foreign key in the database: sealing takes no lock on the book.
    """

    number = models.PositiveBigIntegerField("叶序号", primary_key=True)
    event = models.OneToOneField(
        Event,
        models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        verbose_name="办理记录",
    )
    salt = models.BinaryField("随机数", max_length=16)
    digest = models.BinaryField("叶摘要", max_length=32)

    objects = LeafQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "存证的记录"

    def __str__(self):
        return f"存证的记录 #{self.pk}"


class Subtree(models.Model):
    """The hash of a complete subtree of 2**level leaves; `level` is 8, 16, 24 …

    All other nodes are computed from up to 256 rows of the level below.
    """

    level = models.PositiveSmallIntegerField("层")
    position = models.PositiveBigIntegerField("位置")
    digest = models.BinaryField("摘要", max_length=32)

    class Meta:
        verbose_name = verbose_name_plural = "存证的子树"
        constraints = [
            # StoredNodes reads a range of one level.
            models.UniqueConstraint(fields=["level", "position"], name="one_subtree_per_place"),
        ]

    def __str__(self):
        return f"存证的子树 #{self.pk}"


class TreeHead(models.Model):
    """The tree at one moment, signed: its size, root and time. Numbered from 1."""

    number = models.PositiveBigIntegerField("序号", primary_key=True)
    origin = models.CharField("名称", max_length=100)
    size = models.PositiveBigIntegerField("记录数", unique=True)
    root = models.BinaryField("根", max_length=32)
    sealed_at = models.DateTimeField("存证时间")
    last_event_id = models.PositiveBigIntegerField(
        "最大的记录号", help_text="到这时为止存证过的记录里最大的号"
    )
    key_id = models.CharField("密钥编号", max_length=8)
    signature = models.BinaryField("签名", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "树头"
        indexes = [
            # services.settled_event: the newest head that is older than a moment.
            models.Index(fields=["sealed_at"], name="tree_head_by_time"),
        ]

    def __str__(self):
        return f"树头 #{self.pk}"

    @property
    def checkpoint(self):
        return Checkpoint(self.origin, self.number, self.size, bytes(self.root), self.sealed_at)

    @property
    def root_hex(self):
        return bytes(self.root).hex()

    @property
    def note(self):
        """The signed text, as it is sent out."""
        signature = bytes(self.signature)
        return checkpoints.note(self.checkpoint, key_id=self.key_id, signature=signature)


class Sealer(models.Model):
    """The one row that a sealer locks, so that a second one leaves the work to it."""

    ONLY = 1

    updated_at = models.DateTimeField("上次存证", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "存证的进度"

    def __str__(self):
        return f"存证的进度 #{self.pk}"


class ProofAddress(models.Model):
    """The public reference under which anybody can check one event, as printed on a receipt."""

    reference = models.CharField("凭据编号", max_length=16, unique=True, default=new_reference)
    event = models.OneToOneField(Event, models.PROTECT, related_name="+", verbose_name="办理记录")
    created_at = models.DateTimeField("生成时间")

    class Meta:
        verbose_name = verbose_name_plural = "凭据编号"

    def __str__(self):
        return f"凭据编号 #{self.pk}"

    def get_absolute_url(self):
        return row_url("seals:proof", self.reference)

    @property
    def url(self):
        """The whole address, as the QR code holds it."""
        return settings.PORTAL_URL + self.get_absolute_url()


class HeadCopy(models.Model):
    """How far the heads were sent to one place outside, and when the next try is due."""

    channel = models.CharField("方式", max_length=8, choices=CopyChannel)
    target = models.CharField("送到哪里", max_length=300)
    sent_number = models.PositiveBigIntegerField("已送出的树头", default=0)
    sent_size = models.PositiveBigIntegerField("对方已知的记录数", default=0)
    sent_at = models.DateTimeField("送出时间", null=True, blank=True)
    answer = models.TextField("对方的副签", blank=True)
    tries = models.PositiveIntegerField("连续失败次数", default=0)
    last_error = models.CharField("上次的错误", max_length=200, blank=True)
    next_try_at = models.DateTimeField("下次送出的时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "树头的副本"
        constraints = [
            models.UniqueConstraint(fields=["channel", "target"], name="one_copy_per_place"),
        ]

    def __str__(self):
        return f"树头的副本 #{self.pk}"


class SealCheck(models.Model):
    """The result of a check of all seals. A check that finds the same renews `computed_at`."""

    computed_at = models.DateTimeField("最近核对时间")
    heads = models.PositiveBigIntegerField("树头数")
    leaves = models.PositiveBigIntegerField("记录数")
    finding = models.TextField("发现的问题", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "存证核对"

    def __str__(self):
        return f"存证核对 #{self.pk}"
