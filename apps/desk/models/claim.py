"""Who works on a case now."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.cards.models import CardRequest
from apps.common import leases
from apps.desk.roles import PERMISSIONS
from apps.people.models import Guardianship
from apps.replacement.models import FormalLoss

CASES = ("card_request", "formal_loss", "guardianship")
NAMES_ONE_CASE = (
    Q(card_request__isnull=False, formal_loss=None, guardianship=None)
    | Q(card_request=None, formal_loss__isnull=False, guardianship=None)
    | Q(card_request=None, formal_loss=None, guardianship__isnull=False)
)


def live(at, *, prefix=""):
    """The condition for claims that are live at `at`; `prefix` is the path to them, as "claim__".

    A claim that lasts longer than one can was made before the clock was set back.
    """
    most = at + settings.REVIEW_CLAIM_LIFETIME + leases.CLOCKS_DIFFER_BY
    return Q(**{f"{prefix}lapses_at__gt": at, f"{prefix}lapses_at__lte": most})


class ClaimQuerySet(models.QuerySet):
    def live(self, at):
        """Those that have not lapsed by the moment `at`."""
        return self.filter(live(at))


class Claim(models.Model):
    """A reviewer has claimed a case and holds it until `lapses_at`. No task has to end it.

    There is one row per case. It is deleted when the case is decided or released; a lapsed row is
    used for the next claim.
    """

    card_request = models.OneToOneField(
        CardRequest,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="claim",
        verbose_name="申请",
    )
    formal_loss = models.OneToOneField(
        FormalLoss,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="claim",
        verbose_name="正式挂失",
    )
    guardianship = models.OneToOneField(
        Guardianship,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="claim",
        verbose_name="监护关系",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="claims", verbose_name="领办人"
    )
    claimed_at = models.DateTimeField("领办时间")
    lapses_at = models.DateTimeField("失效时间")

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "领办"
        permissions = PERMISSIONS
        constraints = [
            models.CheckConstraint(condition=NAMES_ONE_CASE, name="claim_names_one_case"),
        ]

    def __str__(self):
        return f"领办 #{self.pk}"

    def is_live(self, at):
        return leases.is_live(self.lapses_at, at, length=settings.REVIEW_CLAIM_LIFETIME)
