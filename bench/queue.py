"""The reviewers' list among a million requests, beside fetching the same rows by their keys.

    .venv/bin/python -m bench.queue [REQUESTS]

A fifth of the requests waits. The floor fetches one page of rows by primary key. The peers are the
usual ways: COUNT of all rows, OFFSET, and a search for a part of a name. Beside a figure are the
indexes of the requests in the plan of the database.
"""

import re
import statistics
import sys
import time

from django.db import connection
from django.http import QueryDict

from apps.cards.models import CardRequest
from apps.case_list import pages
from apps.case_list.rows import of_keys, rows, with_columns
from apps.case_search import search
from apps.desk.claims.services import claim_first
from apps.people.models import User
from apps.review import queue
from apps.review.filters import RequestFilter
from bench import table
from bench.filling import AT, fill, make_reviewer, places
from bench.schema import make_tables

REQUESTS = 1_000_000
ROUNDS = 5
PAGES_DEEP = 1000
ORDER = ("waits_since", "pk")
FLOOR = "floor: 50 rows by primary key"
NAMES = {
    "first page": "queue_first_page",
    "of a city and bank": "queue_of_a_city",
    "resubmitted": "queue_resubmitted",
    "search: name": "queue_search_name",
    "claim the next case": "queue_claim_next",
}


def main(count=REQUESTS):
    make_tables()
    started = time.perf_counter()
    fill(count)
    spent = time.perf_counter() - started
    print(f"{connection.vendor}: {count:,} requests, written in {spent:.0f} s")

    user = make_reviewer()
    waiting = CardRequest.objects.filter(queue.WAITING).order_by(*ORDER)
    everything = CardRequest.objects.submitted().order_by(*ORDER)
    cities, banks = places()
    city = narrowed(f"city={list(cities)[6]}&bank={banks[2]}")
    department = narrowed("department=第 7 学院&age=30")
    handed_in = narrowed("sort=handed_in")
    children, resubmitted = narrowed("whose=child"), narrowed("stage=resubmitted")
    deep = min(PAGES_DEEP, waiting.count() // pages.SIZE - 1)
    offset = deep * pages.SIZE
    last = pages.cursor(waiting[offset - 1])
    by_key = with_columns(
        CardRequest.objects.filter(pk__in=list(waiting.values_list("pk", flat=True)[: pages.SIZE]))
    )
    found = list(by_key)
    peer = CardRequest.objects.filter(particulars__name__contains="赵钱孙")
    work = {
        FLOOR: lambda: list(by_key.all()),
        "first page": lambda: pages.page(waiting, read=of_keys),
        f"page {deep}": lambda: pages.page(waiting, read=of_keys, after=last),
        "all, newest first": lambda: pages.page(everything, read=of_keys, newest_first=True),
        "by when it was handed in": lambda: pages.page(
            handed_in, since="handed_in_at", read=of_keys
        ),
        "of a city and bank": lambda: pages.page_and_number(city, read=of_keys),
        "of a department, 30 days old": lambda: pages.page_and_number(department, read=of_keys),
        "of children": lambda: pages.page_and_number(children, read=of_keys),
        "resubmitted": lambda: pages.page_and_number(resubmitted, read=of_keys),
        "badges and holders of a page": lambda: rows(
            found, user=user, away="", with_put_away=False, at=AT
        ),
        "claim the next case": lambda: claim_first(cases=queue.waiting_for(user), by=user, at=AT),
        "search: last four": lambda: search.search("1234"),
        "search: name": lambda: search.search("赵钱孙"),
        "peer: COUNT of what waits": waiting.count,
        "peer: OFFSET, first page": lambda: list(with_columns(waiting)[: pages.SIZE]),
        f"peer: OFFSET, page {deep}": lambda: list(
            with_columns(waiting)[offset : offset + pages.SIZE]
        ),
        "peer: the name contains": lambda: list(peer.values_list("pk")[: search.MOST]),
    }
    plans = {
        "first page": with_columns(waiting),
        f"page {deep}": with_columns(waiting.filter(waits_since__gte=AT)),
        "all, newest first": with_columns(everything.reverse()),
        "by when it was handed in": with_columns(handed_in.order_by("handed_in_at", "pk")),
        "of a city and bank": with_columns(city.order_by(*ORDER)),
        "of a department, 30 days old": with_columns(department.order_by(*ORDER)),
        "of children": with_columns(children.order_by(*ORDER)),
        "resubmitted": with_columns(resubmitted.order_by(*ORDER)),
    }
    floor = None
    for title, call in work.items():
        spent = milliseconds(call)
        floor = floor or spent
        if name := NAMES.get(title.split(",")[0]):
            by_keys = work[FLOOR]
            table.compare(name, ours=call, floor=by_keys, unit="times a second")
        plan = indexes(plans[title][: pages.SIZE]) if title in plans else ""
        print(f"{title:32} {spent:9.1f} ms {spent / floor:8.2f} × floor  {plan}")


def narrowed(query):
    return RequestFilter.read(QueryDict(query)).narrow(
        CardRequest.objects.all(), user=User(pk=0), at=AT
    )


def indexes(requests):
    """The indexes of the requests' own table that the plan names."""
    ours = {index.name for index in CardRequest._meta.indexes}
    return ", ".join(sorted(ours.intersection(re.findall(r"\w+", requests.explain()))))


def milliseconds(work):
    work()
    spent = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
