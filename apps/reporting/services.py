"""Stores how long the stages take, for the pages that promise a day."""

from django.conf import settings
from django.db import IntegrityError, transaction

from apps.common.moments import day_of
from apps.reporting import kept
from apps.reporting.durations import measured, rank
from apps.requests.models import StageDuration


def recompute(*, at):
    """Measure the stages that ended in the days `STAGE_DURATION_WINDOW` before `at`; store that.

    Existing rows keep their keys. Returns the number of rows.
    """
    with kept.counts() as counts:
        found = measured(counts, since=day_of(at - settings.STAGE_DURATION_WINDOW))
    wanted = {
        key: {"median_days": rank(days, 50), "p90_days": rank(days, 90), "sample": days.total()}
        for key, days in found.items()
    }
    try:
        _store(wanted, at=at)
    except IntegrityError:
        # Another worker stored the same rows at the same moment.
        return 0
    return len(wanted)


@transaction.atomic
def _store(wanted, *, at):
    stored = {(row.city_id, row.bank_id, row.stage): row for row in StageDuration.objects.all()}
    gone = [row.pk for key, row in stored.items() if key not in wanted]
    StageDuration.objects.filter(pk__in=gone).delete()
    for key, row in stored.items():
        for name, value in wanted.get(key, {}).items():
            setattr(row, name, value)
        row.computed_at = at
    StageDuration.objects.bulk_update(
        [row for key, row in stored.items() if key in wanted],
        ["median_days", "p90_days", "sample", "computed_at"],
    )
    StageDuration.objects.bulk_create(
        StageDuration(city_id=city, bank_id=bank, stage=stage, computed_at=at, **values)
        for (city, bank, stage), values in wanted.items()
        if (city, bank, stage) not in stored
    )
