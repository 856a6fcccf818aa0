"""What one reviewer hands to another (转给), or asks another to look at (请同事看)."""

from django.conf import settings
from django.db import models

from apps.desk.models.case_row import CaseRow, CaseRowQuerySet
from apps.encryption.fields import EncryptedTextField


class ReferralKind(models.TextChoices):
    HAND_OVER = "HAND_OVER", "转给同事办"
    ASK = "ASK", "请同事看一看"


# Kinds that say what is wanted, and that the colleague answers.
WITH_ANSWER = (ReferralKind.ASK,)


class ReferralQuerySet(CaseRowQuerySet):
    def unanswered(self):
        return self.filter(answered_at=None)


class Referral(CaseRow):
    """`by` hands a case to `to`, or asks `to` about it. Only the desk reads the note and answer.

    It counts while the case is as it was at `at`: a case that moved since is nobody's errand.
    """

    kind = models.CharField("怎样", max_length=10, choices=ReferralKind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="谁转的"
    )
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="转给谁"
    )
    at = models.DateTimeField("时间")
    note = EncryptedTextField("内部备注", blank=True, default="", help_text="只有审核后台看得到")
    answer = EncryptedTextField("同事的答复", blank=True, default="")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta(CaseRow.Meta):
        verbose_name = verbose_name_plural = "转给同事"
        indexes = [
            # referrals.live.waiting_for: what waits for one reviewer.
            models.Index(
                fields=["to"], condition=models.Q(answered_at=None), name="referral_unanswered"
            ),
        ]

    def __str__(self):
        return f"转给同事 #{self.pk}"
