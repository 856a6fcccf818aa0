"""What is promised of a correction: an answer by the day that was named when it was asked for."""

from apps.lateness.promises import Promise
from apps.my_data.event_kinds import LATE, LateCorrection
from apps.my_data.models import Correction


def _days(corrections):
    return {row.pk: row.due_date for row in corrections}


ANSWER = Promise(LATE, LateCorrection.ANSWER, Correction.objects.open, _days)
PROMISES = [ANSWER]
