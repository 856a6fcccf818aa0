"""Pictures that a photographer took for the unit, offered to people as portraits."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.common.references import new_reference
from apps.people.models import Holder


def offered_path(offer, filename):
    """The name under which an offered portrait is stored. The name in the archive is not kept."""
    return f"offered/{new_reference()}.jpg"


class OfferedPortraitQuerySet(models.QuerySet):
    def newest_first(self):
        return self.order_by("-offered_at", "-pk")

    def newest_of(self, holder):
        """The one that counts for `holder`, or None."""
        return self.filter(holder=holder).newest_first().first()

    def no_longer_needed(self, before):
        """Those offered before `before`, and those whose person has received a card since."""
        received = CardRequest.objects.filter(
            status=RequestStatus.COLLECTED,
            holder=OuterRef("holder"),
            status_since__gte=OuterRef("offered_at"),
        )
        return self.filter(Q(offered_at__lt=before) | Exists(received))


class OfferedPortrait(models.Model):
    """A picture that the unit had taken of a person for the card.

    The person may take it for the portrait of an application, or decline it. Of several the newest
    counts; there are several only after two records of one person were merged.
    """

    holder = models.ForeignKey(
        Holder, models.CASCADE, related_name="offered_portraits", verbose_name="持卡人"
    )
    picture = models.FileField("单位拍的证件照", upload_to=offered_path, max_length=100)
    offered_at = models.DateTimeField("存入时间")
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="存入人"
    )

    objects = OfferedPortraitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位拍的证件照"
        indexes = [
            # retention.forget_offers: those whose term is over.
            models.Index(fields=["offered_at"], name="offered_portrait_to_forget"),
        ]

    def __str__(self):
        return f"单位拍的证件照 #{self.pk}"
