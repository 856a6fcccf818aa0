"""How a picture looked that the portal held or showed, remembered after it is deleted."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.cards.models import CardRequest
from apps.common.moments import began_before
from apps.encryption.fields import EncryptedTextField
from apps.people.models import Holder


class PictureTraceQuerySet(models.QuerySet):
    def newest_of(self, holder, *, limit):
        return self.filter(holder=holder).order_by("-pk")[:limit]

    def over(self, at):
        """Those whose term is over at the moment `at`, or which serve nothing any more."""
        if not settings.FACES_ENABLED:
            return self.all()
        return self.filter(
            Q(noted_at__lt=began_before(at, settings.PICTURE_MARK_RETENTION))
            | Q(holder__user=None)
            | Q(holder__closed_at__isnull=False)
        )


class PictureTrace(models.Model):
    """The trace of one picture of a person (`same_picture.trace_of`), sealed.

    It is compared only with a picture that this person shows in an identity check. As it is sealed,
    nobody can be looked for by it in the database. `card_request` is empty for a roster photo.
    """

    holder = models.ForeignKey(
        Holder, models.CASCADE, related_name="picture_traces", verbose_name="持卡人"
    )
    card_request = models.ForeignKey(
        CardRequest,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="picture_traces",
        verbose_name="申请",
    )
    trace = EncryptedTextField("明暗的走向", help_text="还原不出清晰的照片")
    noted_at = models.DateTimeField("记下的时间")

    objects = PictureTraceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "照片的明暗走向"
        indexes = [
            # retention.forget_picture_traces: those whose term is over.
            models.Index(fields=["noted_at"], name="picture_trace_to_forget"),
        ]

    def __str__(self):
        return f"照片的明暗走向 #{self.pk}"
