"""How long it takes to read the lengths of the stages of 50,000 events, beside counting these.

    .venv/bin/python -m bench.stage_durations [REQUESTS]

The floor is one COUNT over the events that end a stage. The peer reads all events in order and
measures them row by row in Python.
"""

import random
import statistics
import sys
import time
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta

from django.conf import settings

from apps.cards.lifecycle import REQUEST
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.common.working_days import count_working_days
from apps.events.models import Event
from apps.people.models import Holder, User
from apps.regions.models import Bank, City, CityRule, Province
from apps.reporting import counting, durations, kept, services
from apps.reporting.scan import ENDS_A_STAGE_BY
from apps.requests import promises
from bench import table
from bench.schema import make_tables

REQUESTS = 8_000
ROUNDS = 3
END = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def row_by_row():
    """The same measure without the database's help."""
    measured = defaultdict(Counter)
    before = {}
    requests = CardRequest.objects.in_bulk()
    for event in Event.objects.of_kind(REQUEST).order_by("pk"):
        card_request = requests[event.subject_id]
        if event.action in ("APPROVE", "PRODUCE", "DISPATCH", "COLLECT"):
            days = count_working_days(day_of(before[event.subject_id]), day_of(event.at))
            stage = promises.STAGE_OF_STATUS[event.from_status]
            for bank in (card_request.bank_id, None):
                measured[card_request.city_id, bank, stage][days] += 1
        before[event.subject_id] = event.at
    return measured


def main(count=REQUESTS):
    make_tables()
    fill(count)
    counting.count_events()
    ends = Event.objects.of_kind(REQUEST).filter(ENDS_A_STAGE_BY)
    services.recompute(at=END)  # The first run writes rows; the others only compare them.
    with kept.counts() as counts:
        found = durations.measured(counts, since=day_of(END - settings.STAGE_DURATION_WINDOW))
    if row_by_row() != found:
        raise SystemExit("the two measures differ")
    one = CardRequest.objects.select_related("city")[:1]
    floor = milliseconds(ends.count)
    report(
        [
            (f"floor: COUNT of {ends.count():,} of {Event.objects.count():,} events", floor),
            ("recompute: from the kept counts", milliseconds(lambda: services.recompute(at=END))),
            ("peer: row by row in Python", milliseconds(row_by_row)),
            (
                "stage_times: what one page reads",
                milliseconds(lambda: promises.stage_times(list(one))),
            ),
        ]
    )
    table.compare(
        "stage_durations",
        ours=lambda: services.recompute(at=END),
        floor=ends.count,
        unit="times a second",
    )


def report(times):
    """Print (name, milliseconds) of each; the first is the floor."""
    floor = times[0][1]
    for name, spent in times:
        print(f"{name:46} {spent:8.1f} ms {spent / floor:8.2f} × floor")


def milliseconds(work):
    spent = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


def fill(number):
    """So many requests of 16 cities and 4 banks; some were amended on the way."""
    dice = random.Random(7)  # noqa: S311
    province = Province.objects.create(code="370000", name="山东省")
    cities = [
        City.objects.create(code=f"37{number:02d}00", name=f"{number}市", province=province)
        for number in range(1, 17)
    ]
    rules = CityRule.objects.bulk_create(
        CityRule(city=city, valid_from=date(2020, 1, 1)) for city in cities
    )
    banks = [
        Bank.objects.create(code=f"955{number}", name=f"银行{number}") for number in range(81, 85)
    ]
    user = User.objects.create_user("B000001", None)
    holder = Holder.objects.create(
        user=user,
        name="张超",
        id_number="379999198506150018",
        birth_date=date(1985, 6, 15),
        sex="1",
    )
    # Withdrawn ones need no card, and measuring asks only for the events.
    requests = CardRequest.objects.bulk_create(
        CardRequest(
            holder=holder,
            applicant=user,
            kind="FIRST",
            city=rule.city,
            rule=rule,
            bank=dice.choice(banks),
            status="WITHDRAWN",
            status_since=END,
        )
        for rule in dice.choices(rules, k=number)
    )
    Event.objects.bulk_create(
        (event for card_request in requests for event in events_of(card_request, user, dice)),
        batch_size=2000,
    )


def events_of(card_request, user, dice):
    way = [("SUBMIT", "DRAFT", "SUBMITTED", 0), ("PAY", "SUBMITTED", "PAID", 0)]
    way.append(("ACCEPT", "PAID", "ACCEPTED", 0))
    if dice.random() < 0.1:
        way.append(("REQUEST_AMENDMENT", "ACCEPTED", "NEEDS_AMENDMENT", 2))
        way.append(("AMEND", "NEEDS_AMENDMENT", "ACCEPTED", 3))
    way.append(("APPROVE", "ACCEPTED", "APPROVED", 3))
    way.append(("PRODUCE", "APPROVED", "PRODUCED", 9))
    way.append(("DISPATCH", "PRODUCED", "DISPATCHED", 5))
    if dice.random() < 0.5:
        way.append(("COLLECT", "DISPATCHED", "COLLECTED", 6))
    at = END - timedelta(days=dice.uniform(30, 170))
    for action, source, target, days in way:
        at += timedelta(days=dice.uniform(0, days), minutes=1)
        yield Event(
            holder_id=card_request.holder_id,
            subject_kind=REQUEST.name,
            subject_id=card_request.pk,
            action=action,
            from_status=source,
            to_status=target,
            at=at,
            by=user,
            role="HOLDER",
            channel="WEB",
        )


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
