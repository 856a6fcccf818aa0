"""The first approval of a risky request, which a second reviewer has to approve as well."""

from django.conf import settings
from django.db import models

from apps.cards.models import CardRequest


class FirstApproval(models.Model):
    """The first of two approvals. It counts while the request is as it was then.

    `status_since` is the moment since which the request was in its status. Once the request has
    another one, something has been done since, and this row no longer counts.
    """

    card_request = models.ForeignKey(
        CardRequest, models.PROTECT, related_name="first_approvals", verbose_name="申请"
    )
    status_since = models.DateTimeField("初审时的状态开始时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="初审人"
    )
    at = models.DateTimeField("初审时间")

    class Meta:
        verbose_name = verbose_name_plural = "初审"
        constraints = [
            # Also the index by which second_review finds the one that counts.
            models.UniqueConstraint(
                fields=["card_request", "status_since"],
                name="one_first_approval_per_review",
                violation_error_message="这件申请已有初审，等待另一人复核。",
            ),
        ]

    def __str__(self):
        return f"初审 #{self.pk}"
