"""That a picture was handed in, remembered after the picture is deleted."""

from django.db import models
from django.db.models import Exists, OuterRef

from apps.cards.models import CardRequest
from apps.people.models import Holder


class PictureMarkQuerySet(models.QuerySet):
    def current(self):
        """Those of the pictures that the requests have now, or had when they ended."""
        return self.filter(replaced_at=None)

    def handed_in(self):
        return self.filter(handed_in_at__isnull=False)

    def of_others_too(self):
        """Those whose picture was handed in for another person as well."""
        others = PictureMark.objects.handed_in().filter(mark=OuterRef("mark"))
        return self.filter(Exists(others.exclude(holder=OuterRef("holder"))))


class PictureMark(models.Model):
    """The keyed digest of the picture from which the portrait of a request was made.

    Nobody can tell from it how the picture looks, and without the key not whether a given picture
    is the one. It is exact: only the same file, or one that differs in its metadata, has the same.
    """

    card_request = models.ForeignKey(
        CardRequest, models.CASCADE, related_name="picture_marks", verbose_name="申请"
    )
    holder = models.ForeignKey(
        Holder, models.CASCADE, related_name="picture_marks", verbose_name="持卡人"
    )
    mark = models.CharField("照片的摘要", max_length=64, help_text="带密钥，还原不出照片")
    handed_in_at = models.DateTimeField("提交时间", null=True, blank=True)
    replaced_at = models.DateTimeField("换成别的照片的时间", null=True, blank=True)

    objects = PictureMarkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "照片的摘要"
        constraints = [
            models.UniqueConstraint(
                fields=["card_request", "mark"], name="one_mark_per_request_and_picture"
            ),
        ]
        indexes = [
            # PictureMarkQuerySet.of_others_too: who else handed the same picture in.
            models.Index(fields=["mark"], name="picture_mark_of_others"),
            # retention.forget_picture_marks: those whose term is over.
            models.Index(fields=["handed_in_at"], name="picture_mark_to_forget"),
        ]

    def __str__(self):
        return f"照片的摘要 #{self.pk}"
