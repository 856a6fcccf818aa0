"""Which requests wait for a reviewer, since when, and by which day a decision is promised."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.common.working_days import add_working_days
from apps.people.models import Guardianship

WAITING = Q(status=RequestStatus.ACCEPTED)


def promise_date(status_since):
    """The day by which a request that waits since `status_since` is to be decided."""
    return add_working_days(timezone.localdate(status_since), settings.REVIEW_WORKING_DAYS)


def overdue_before(on):
    """A request that waits since before this moment is overdue on the day `on`."""
    day = on
    while add_working_days(day - timedelta(days=1), settings.REVIEW_WORKING_DAYS) >= on:
        day -= timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time.min))


def waiting():
    """What waits for a decision, the oldest promise first."""
    return CardRequest.objects.filter(WAITING).order_by("status_since", "pk")


def waiting_for(user):
    """What `user` may decide: not their own, not what they filled in, no child's of theirs."""
    wards = Guardianship.objects.filter(guardian__user=user).values("ward")
    return (
        waiting()
        .exclude(applicant=user)
        .exclude(holder__in=wards)
        .exclude(holder__user__isnull=False, holder__user=user)
    )
