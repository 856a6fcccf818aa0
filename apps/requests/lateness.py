"""What is promised of a request: each stage by a day."""

from functools import partial

from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.common.working_days import add_working_days
from apps.lateness.promises import Promise
from apps.requests.event_kinds import LATE, LateStage
from apps.requests.promises import STAGE_OF_STATUS, stage_times


def _waiting(status):
    return CardRequest.objects.filter(status=status).select_related("rule")


def _days(stage, requests):
    """As the page says it: as measured, or as promised (`promises.stage_times`)."""
    times = stage_times(requests)
    return {
        row.pk: add_working_days(day_of(row.promised_from), times[row.pk][stage].limit_days)
        for row in requests
    }


PROMISES = [
    Promise(
        LATE,
        LateStage(stage.value),
        partial(_waiting, status),
        partial(_days, stage),
        since="waits_since",
    )
    for status, stage in STAGE_OF_STATUS.items()
]
