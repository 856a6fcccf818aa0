"""Who works on a case now."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from apps.cards.models import CardRequest
from apps.common import leases
from apps.common.moments import day_of
from apps.desk.models.absence import Absence
from apps.desk.models.case_row import CaseRow, CaseRowQuerySet, case_key
from apps.desk.roles import PERMISSIONS
from apps.people.models import Guardianship
from apps.replacement.models import FormalLoss


def live(at, *, prefix=""):
    """The condition for claims that are live at `at`; `prefix` is the path to them, as "claim__".

    The claims of somebody who is away are not: from the first moment of the absence on, the cases
    are free.
    """
    return live_between(at, latest_end(at), day_of(at), prefix=prefix)


def live_between(now, end, today, *, prefix=""):
    """`live` at the moment `now` of the day `today`, where `end` is its `latest_end`."""
    away = Absence.objects.on(today).filter(user=OuterRef(f"{prefix}by"))
    return in_time_between(now, end, prefix=prefix) & ~Q(Exists(away))


def in_time(at, *, prefix=""):
    """The condition for claims that have not lapsed by the moment `at`, whoever made them.

    A claim that lasts longer than one can was made before the clock was set back.
    """
    return in_time_between(at, latest_end(at), prefix=prefix)


def latest_end(at):
    """When a claim that is live at the moment `at` lapses at the latest."""
    return at + settings.REVIEW_CLAIM_LIFETIME + leases.CLOCKS_DIFFER_BY


def in_time_between(now, end, *, prefix=""):
    """`in_time` at the moment `now`, where `end` is its `latest_end`."""
    return Q(**{f"{prefix}lapses_at__gt": now, f"{prefix}lapses_at__lte": end})


class ClaimQuerySet(CaseRowQuerySet):
    def live(self, at):
        """Those that have not lapsed by the moment `at`, of people who are not away."""
        return self.filter(live(at))


class Claim(CaseRow):
    """A reviewer has claimed a case and holds it until `lapses_at`. No task has to end it.

    There is one row per case. It is deleted when the case is decided or released; a lapsed row is
    used for the next claim.
    """

    card_request = case_key(CardRequest, key=models.OneToOneField, related_name="claim")
    formal_loss = case_key(FormalLoss, key=models.OneToOneField, related_name="claim")
    guardianship = case_key(Guardianship, key=models.OneToOneField, related_name="claim")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="claims", verbose_name="领办人"
    )
    claimed_at = models.DateTimeField("领办时间")
    lapses_at = models.DateTimeField("失效时间")

    objects = ClaimQuerySet.as_manager()

    class Meta(CaseRow.Meta):
        verbose_name = verbose_name_plural = "领办"
        permissions = PERMISSIONS

    def __str__(self):
        return f"领办 #{self.pk}"

    def is_live(self, at):
        """`live` of one claim. Prefetch `by__absences` for a list."""
        if not leases.is_live(self.lapses_at, at, length=settings.REVIEW_CLAIM_LIFETIME):
            return False
        today = day_of(at)
        return not any(absence.is_on(today) for absence in self.by.absences.all())
