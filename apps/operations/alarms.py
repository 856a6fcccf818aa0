"""Alarms: begun when two looks in a row are bad, and over when two in a row are not."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Greatest

from apps.common import leases
from apps.operations.enums import State
from apps.operations.models import Alarm, LastFound

# An alarm begins, and ends, when a second look so long after the first one finds the same.
LOOKS_APART = timedelta(seconds=20)


def settle(*, examined, at):
    """Begin an alarm for each bad one of `examined`, and end those whose check is not bad.

    Each needs two looks in a row that say so, `LOOKS_APART` or more apart; it then began, or
    ended, with the first of them. Where a check has no result yet, nothing changes. Idempotent: a
    check has at most one open alarm, which the database guards.
    """
    looks = {each.check.key: each.result for each in examined if each.result.state != State.NEW}
    since = _since(looks, at)
    confirmed = {key for key in looks if at - since[key] >= LOOKS_APART}
    bad = {key for key in confirmed if looks[key].state == State.BAD}
    for key in bad - _alarmed():
        try:
            with transaction.atomic():
                Alarm.objects.create(check_key=key, says=looks[key].says[:300], began_at=since[key])
        except IntegrityError:
            continue  # another process was first
    for key in _alarmed() & (confirmed - bad):
        Alarm.objects.open().filter(check_key=key).update(
            ended_at=Greatest("began_at", Value(since[key]))
        )


def _since(looks, at):
    """{key: since when the check has found what it finds in `looks`}; written down.

    A look of a later moment was before the clock was set back, and counts from now.
    """
    kept = {row.check_key: row for row in LastFound.objects.filter(check_key__in=looks)}
    since = {}
    for key, result in looks.items():
        is_bad = result.state == State.BAD
        row = kept.get(key)
        is_ahead = row is not None and row.since_at > at + leases.CLOCKS_DIFFER_BY
        if row is not None and row.is_bad == is_bad and not is_ahead:
            since[key] = row.since_at
            continue
        since[key] = at
        if row is not None:
            LastFound.objects.filter(pk=row.pk).update(is_bad=is_bad, since_at=at)
        else:
            LastFound.objects.bulk_create(
                [LastFound(check_key=key, is_bad=is_bad, since_at=at)], ignore_conflicts=True
            )
    return since


def _alarmed():
    return set(Alarm.objects.open().values_list("check_key", flat=True))


def unconfirmed(examined):
    """The keys of those of `examined` that are bad without an alarm: a second look decides."""
    return {each.check.key for each in examined if each.result.state == State.BAD} - _alarmed()


def waits_for_a_second_look():
    """Whether the last look at some check differed from its alarm, or from having none."""
    bad = set(LastFound.objects.filter(is_bad=True).values_list("check_key", flat=True))
    known = set(LastFound.objects.values_list("check_key", flat=True))
    return bad != _alarmed() & known
