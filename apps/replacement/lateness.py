"""What is promised of a declared formal loss: a decision by a day."""

from django.conf import settings

from apps.common.moments import day_of
from apps.common.working_days import add_working_days
from apps.lateness.promises import Promise
from apps.replacement.event_kinds import LATE, LateLoss
from apps.replacement.models import FormalLoss


def _waiting():
    return FormalLoss.objects.waiting().select_related("card")


def _days(losses):
    return {
        loss.pk: add_working_days(day_of(loss.status_since), settings.REVIEW_WORKING_DAYS)
        for loss in losses
    }


PROMISES = [Promise(LATE, LateLoss.DECISION, _waiting, _days)]
