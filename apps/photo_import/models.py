"""Archives of pictures that were uploaded, and the pictures in them.

The archive is kept, sealed, until its pictures are looked at. Of these only what may be stored is
kept on, each as a sealed file of its own, until it is stored or the preview is discarded.
"""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.common import leases
from apps.common.references import new_reference
from apps.lifecycle.models import Living, LivingQuerySet
from apps.photo_import.enums import ArchiveStatus, PictureFinding, PictureOutcome
from apps.photo_import.lifecycle import PHOTO_ARCHIVE
from apps.staff_photos.enums import PhotoPurpose

# Renewed with every picture. A worker that does not renew it was killed.
LEASE = timedelta(minutes=1)

UNDER_WAY = (ArchiveStatus.UPLOADED, ArchiveStatus.STORING)
OPEN = (ArchiveStatus.UPLOADED, ArchiveStatus.READ, ArchiveStatus.UNREADABLE)
CONFIRMED = (ArchiveStatus.STORING, ArchiveStatus.STORED)


class PhotoArchiveQuerySet(LivingQuerySet):
    def under_way(self):
        """Those that the worker has something to do with."""
        return self.filter(status__in=UNDER_WAY)

    def open_previews(self):
        """Those that were neither confirmed nor discarded."""
        return self.filter(status__in=OPEN)

    def recent_first(self):
        return self.order_by("-pk")


class PhotoArchive(Living):
    """An archive of pictures that somebody uploaded."""

    lifecycle = PHOTO_ARCHIVE

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    at = models.DateTimeField("上传时间")
    purpose = models.CharField("照片用来做什么", max_length=10, choices=PhotoPurpose)
    file = models.FileField(
        "压缩包", blank=True, max_length=100, help_text="加密保存；看完照片就删除，不保存文件名"
    )
    status = models.CharField("状态", max_length=10, choices=ArchiveStatus)
    refusal = models.CharField("读不了的原因", max_length=300, blank=True)
    counts = models.JSONField("数量", default=dict, blank=True)
    leased_until = models.DateTimeField(
        "后台任务占用到", null=True, blank=True, help_text="同一个压缩包同时只由一个任务处理"
    )

    objects = PhotoArchiveQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "照片压缩包"
        constraints = [
            PHOTO_ARCHIVE.constraint(),
            models.CheckConstraint(
                condition=(Q(status=ArchiveStatus.UPLOADED) & ~Q(file=""))
                | (~Q(status=ArchiveStatus.UPLOADED) & Q(file="")),
                name="photo_archive_is_kept_until_it_is_read",
            ),
        ]
        indexes = [
            # PhotoArchiveQuerySet.under_way and open_previews: the sweeps.
            models.Index(
                fields=["at"],
                condition=Q(status__in=(*OPEN, ArchiveStatus.STORING)),
                name="photo_archive_waiting",
            ),
        ]

    def __str__(self):
        return f"照片压缩包 #{self.pk}"

    @property
    def is_offered(self):
        """Whether people are offered the pictures."""
        return PhotoPurpose(self.purpose).is_offered

    @property
    def is_running(self):
        """Whether the worker has something to do with it."""
        return self.status in UNDER_WAY

    @property
    def is_unread(self):
        return self.status == ArchiveStatus.UPLOADED

    @property
    def is_ready(self):
        """Whether its pictures may be stored."""
        return self.status == ArchiveStatus.READ

    @property
    def is_confirmed(self):
        return self.status in CONFIRMED

    @property
    def is_discarded(self):
        return self.status == ArchiveStatus.DISCARDED

    def lease(self, at):
        """Lease the archive for `LEASE`, unless another worker has it. Returns whether it did."""
        free = PhotoArchive.objects.under_way().filter(leases.free(at, length=LEASE))
        return leases.take(self, until=at + LEASE, among=free)

    def renew(self, at):
        """Keep the lease for another `LEASE`. Returns False if another worker has taken it."""
        return leases.take(self, until=at + LEASE, among=PhotoArchive.objects.under_way())

    def release(self):
        """Give the lease back."""
        leases.release(self)


class ArchivedPictureQuerySet(models.QuerySet):
    def to_read(self):
        """Those that nobody has looked at yet."""
        return self.filter(finding="")

    def to_store(self):
        """Those that may be stored and are not yet."""
        return self.filter(finding=PictureFinding.MATCHED, done_at=None)


class ArchivedPicture(models.Model):
    """One file of an archive. `place` is its place among all entries, `file` its masked name.

    `finding` is empty while nobody has looked at the picture. A picture that may be stored is kept
    in `picture` until then.
    """

    archive = models.ForeignKey(
        PhotoArchive, models.CASCADE, related_name="pictures", verbose_name="照片压缩包"
    )
    place = models.PositiveIntegerField("次序")
    file = models.CharField("文件名", max_length=60, help_text="遮盖后的文件名")
    holder = models.ForeignKey(
        "people.Holder",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="人员",
    )
    finding = models.CharField("核对结果", max_length=9, choices=PictureFinding, blank=True)
    reason = models.CharField("原因", max_length=500, blank=True)
    tries = models.PositiveSmallIntegerField("看过的次数", default=0)
    picture = models.FileField("照片", blank=True, max_length=100, help_text="加密保存")
    done_at = models.DateTimeField("处理时间", null=True, blank=True)
    outcome = models.CharField("结果", max_length=10, choices=PictureOutcome, blank=True)

    objects = ArchivedPictureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "压缩包里的照片"
        constraints = [
            models.UniqueConstraint(
                fields=["archive", "place"], name="one_row_per_picture_of_an_archive"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, outcome="")
                | (Q(done_at__isnull=False, picture="") & ~Q(outcome="")),
                name="archived_picture_done_has_its_outcome",
            ),
            models.CheckConstraint(
                condition=Q(picture="") | Q(finding=PictureFinding.MATCHED),
                name="archived_picture_kept_is_matched",
            ),
        ]

    def __str__(self):
        return f"压缩包里的照片 #{self.pk}"

    @property
    def is_good(self):
        return self.finding == PictureFinding.MATCHED
