"""Pages over HTTP, from gunicorn as deployed, beside an empty page behind the same middleware.

    .venv/bin/python -m bench.pages [REQUESTS [SECONDS]]

The demo town is made first, then REQUESTS people with a request each of the last months
(`bench.lives`). Then 16 connections load the empty page (the floor) and each page for SECONDS, in
turns. The sign-in page is loaded by somebody who is not signed in, and so is its floor. With
PEERS=1 the page of pretix for the same task is loaded in the same rounds: a row named page_…_peer.
The row poll is the open progress page that asks again and hears that nothing has changed.

How long one answer takes is printed for information: alone, with a connection for each core, with
16 connections that pause as readers do, and with 16 that never do: there each waits for all others.
"""

import os
import statistics
import sys
import time
from functools import partial

from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.people.models import User
from apps.reporting.counting import count_events
from apps.review import queue
from bench import table
from bench.filling import fill
from bench.loads import CONNECTIONS, Load, Poll, check_page, cookie_of, polled_by, served
from bench.peers import pretix_server
from bench.schema import make_tables

EMPTY = "/bench/empty/"
BUSY = 0.5  # of the most pages a second: what people who pause between them ask for together


def main(count=10_000, seconds=2):
    make_tables()
    # The town first: it seals and counts all that is in the book.
    call_command("load_regions", verbosity=0)
    with open(os.devnull, "w") as nowhere:
        call_command("demo_town", verbosity=0, stdout=nowhere)
    began = time.perf_counter()
    fill(count, until=timezone.now())
    filled = time.perf_counter()
    count_events()
    count_events()  # what was seen the first time is settled now
    print(
        f"{count:,} requests written in {filled - began:.0f} s, "
        f"counted in {time.perf_counter() - filled:.0f} s"
    )
    with served() as port, pretix_server.serving(count) as peer:
        for name, (url, cookie, needs) in pages().items():
            check_page(port, url, cookie, needs)
            loads = {
                "ours": partial(warm_load, port, url, cookie, seconds),
                "floor": partial(warm_load, port, EMPTY, cookie, seconds),
            }
            if peer and name in peer.pages:
                loads["peer"] = load_of(peer, name, signed_in=bool(cookie), seconds=seconds)
            measured = compare(name, loads)
            alone = Load(port, url, cookie, seconds, connections=1)
            cores = os.cpu_count()
            one_a_core = Load(port, url, cookie, seconds, connections=cores)
            at_most = statistics.median(load.rate for load in measured["ours"])
            slowest = statistics.median(load.p95 for load in measured["ours"])
            pause = CONNECTIONS / (at_most * BUSY)
            reading = Load(port, url, cookie, 2 * seconds, pause=pause)
            print(
                f"{'':28} alone {alone.median * 1000:.0f} ms; p95: "
                f"{one_a_core.p95 * 1000:.0f} ms with {cores}, one a core; "
                f"{reading.p95 * 1000:.0f} ms with {CONNECTIONS} that pause, "
                f"{reading.rate:.0f} pages a second; "
                f"{slowest * 1000:.0f} ms with {CONNECTIONS} that never do"
            )
            if name == "page_progress":
                polled = polled_by(check_page(port, url, cookie, needs))
                loads = {
                    "ours": partial(Poll, port, polled, cookie, seconds),
                    "floor": partial(warm_load, port, EMPTY, cookie, seconds),
                }
                compare("poll", loads)


def compare(name, loads):
    """Make the `loads` in turns and note the rows of `name`; {who: the loads that were made}."""
    measured = {who: [] for who in loads}
    for _ in range(table.ROUNDS):
        for who, load in loads.items():
            measured[who].append(load())
    rates = {who: [load.rate for load in done] for who, done in measured.items()}
    unit = "requests a second"
    table.note(name, ours=rates["ours"], floor=rates["floor"], unit=unit)
    if "peer" in rates:
        table.note(f"{name}_peer", ours=rates["ours"], floor=rates["peer"], unit=unit)
    return measured


def load_of(peer, name, *, signed_in, seconds):
    """What loads pretix's page for the same task, which was seen to show it."""
    url, needs = peer.pages[name]
    cookie = peer.cookie if signed_in else ""
    check_page(peer.port, url, cookie, needs)
    return partial(warm_load, peer.port, url, cookie, seconds)


def warm_load(port, url, cookie, seconds):
    """The load of a page that each worker has shown lately: one may have begun anew just now."""
    Load(port, url, cookie)
    return Load(port, url, cookie, seconds)


def pages():
    """{name: (address, cookie, what it must show)}: each page of the table, and who loads it."""
    produced = of_the_town(RequestStatus.PRODUCED)
    draft = of_the_town(RequestStatus.DRAFT)
    waiting = of_the_town(RequestStatus.ACCEPTED)
    oldest = CardRequest.objects.filter(queue.WAITING).earliest("waits_since", "pk")
    owner, writer = cookie_of(produced.holder.user), cookie_of(draft.holder.user)
    reviewer = cookie_of(User.objects.get(employee_number="S2001"))
    return {
        "page_home": ("/", owner, [produced.get_absolute_url()]),
        "page_progress": (produced.get_absolute_url(), owner, [produced.reference]),
        "page_form": (
            reverse("application:form", args=[draft.reference]),
            writer,
            [draft.reference],
        ),
        "page_queue": (
            reverse("admin:cards_cardrequest_changelist"),
            reviewer,
            [oldest.reference],
        ),
        "page_decision": (
            reverse("admin:cards_cardrequest_change", args=[waiting.reference]),
            reviewer,
            [waiting.reference],
        ),
        "page_desk_start": (reverse("admin:index"), reviewer, []),
        "page_sign_in": (reverse("account_login"), "", ['name="password"']),
    }


def of_the_town(status):
    """A request of the staff of the town; one of its newcomers has left with a draft."""
    staff = {"holder__user__employee_number__range": ("D1001", "D1099")}
    found = CardRequest.objects.filter(status=status, **staff)
    return found.select_related("holder__user").earliest("pk")


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
