"""What another arrangement of holidays would change, before it is saved: figures only."""

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.db.models import Q

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.common import working_days
from apps.common.moments import day_of
from apps.payments.enums import PaymentStatus
from apps.payments.models import Payment
from apps.regions.enums import DayKind
from apps.regions.models import ArrangedDay
from apps.requests import promises
from apps.requests.promises import STAGE_OF_STATUS

REFUND = "退款到账"


@dataclass(frozen=True)
class Moved:
    """`count` promises of one kind that were for `before` and will be for `after`."""

    what: str
    before: date
    after: date
    count: int

    @property
    def is_later(self):
        return self.after > self.before


def basis():
    """A digest of all arranged days. It changes with every upload."""
    kept = list(ArrangedDay.objects.order_by("day").values_list("year", "day", "kind", "name"))
    return hashlib.sha256(repr(kept).encode()).hexdigest()[:24]


def by_table(table):
    """The promises that a `HolidayTable` would move: a list of `Moved`, by kind and day."""
    others = ArrangedDay.objects.exclude(Q(year=table.year) | Q(day__in=table.days)).calendar()
    days = {day: row.kind == DayKind.WORK for day, row in table.days.items()}
    after = replace(others, arranged={**others.arranged, **days}, years=others.years | {table.year})
    return _between(working_days.current(), after)


def _between(before, after):
    """The `Moved` between two `WorkingCalendar`s."""
    found: Counter[tuple[str, date, date]] = Counter()
    for what, since, days in [*_of_requests(), *_of_refunds()]:
        was, will_be = before.add(since, days), after.add(since, days)
        if was != will_be:
            found[what, was, will_be] += 1
    return [Moved(*moved, count) for moved, count in sorted(found.items())]


def _of_requests():
    waiting = list(
        CardRequest.objects.filter(status__in=STAGE_OF_STATUS)
        .select_related("rule")
        .only("status", "status_since", "review_since", "city_id", "bank_id", "rule")
    )
    times = promises.stage_times(waiting)
    for card_request in waiting:
        stage = STAGE_OF_STATUS[RequestStatus(card_request.status)]
        days = times[card_request.pk][stage].limit_days
        yield stage.label, day_of(card_request.promised_from), days


def _of_refunds():
    refunding = Payment.objects.filter(status=PaymentStatus.REFUNDING)
    for since in refunding.values_list("status_since", flat=True):
        yield REFUND, day_of(since), settings.REFUND_WORKING_DAYS
