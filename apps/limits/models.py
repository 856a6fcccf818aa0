from django.conf import settings
from django.db import models

from apps.limits.enums import UploadKind


class CountedUpload(models.Model):
    """One file that somebody sent, good or bad: counted before it is read."""

    kind = models.CharField("种类", max_length=10, choices=UploadKind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="上传人"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "上传计数"
        indexes = [
            # services.count_upload: those of one person in the last hour
            models.Index(fields=["by", "kind", "at"], name="uploads_of_one_person"),
            # services.forget: the oldest of all
            models.Index(fields=["at"], name="uploads_by_time"),
        ]

    def __str__(self):
        return f"上传计数 #{self.pk}"
