"""What is promised of the registration of a child: a decision by a day."""

from django.conf import settings

from apps.common.moments import day_of
from apps.common.working_days import add_working_days
from apps.guardianships.event_kinds import LATE, LateRegistration
from apps.lateness.promises import Promise
from apps.people.models import Guardianship


def _days(guardianships):
    return {
        row.pk: add_working_days(day_of(row.status_since), settings.REVIEW_WORKING_DAYS)
        for row in guardianships
    }


DECISION = Promise(LATE, LateRegistration.DECISION, Guardianship.objects.waiting, _days)
PROMISES = [DECISION]
