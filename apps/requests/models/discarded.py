"""Files that no row needs any more, until they are deleted."""

from django.conf import settings
from django.db import models

from apps.common import leases


class DiscardedFileQuerySet(models.QuerySet):
    def due(self, at):
        waiting = self.filter(leases.due(at, pauses=(settings.FILE_RETRY_AFTER,)))
        return waiting.order_by("next_try_at", "pk")


class DiscardedFile(models.Model):
    """The name of one file of the private storage that is to be deleted.

    It is written in the transaction that removes the name from its row, and deleted after the file.
    So if the process dies at any point, no row names a deleted file and no file is forgotten.
    """

    name = models.CharField("文件", max_length=100)
    discarded_at = models.DateTimeField("弃用时间")
    next_try_at = models.DateTimeField("下次删除时间")

    objects = DiscardedFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "待删除的文件"

    def __str__(self):
        return f"待删除的文件 #{self.pk}"
