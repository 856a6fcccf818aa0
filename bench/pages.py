"""Pages over HTTP, from gunicorn as deployed, beside an empty page behind the same middleware.

    .venv/bin/python -m bench.pages [REQUESTS [SECONDS]]

REQUESTS people with a request each are written first, a fifth of them waiting; the demo town lives
among them. Then 16 connections load the empty page (the floor) and each page for SECONDS, in turns.
The sign-in page is loaded by somebody who is not signed in, and so is its floor.
"""

import http.client
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.people.models import User
from bench import table
from bench.queue_rows import fill
from tests.processes import free_port, wait_until

CONNECTIONS = 16
EMPTY = "/bench/empty/"


def main(count=10_000, seconds=2):
    call_command("migrate", verbosity=0)
    fill(count)
    call_command("demo_town", verbosity=0)
    with served() as port:
        for name, (url, cookie) in pages().items():
            ours, floor, slowest = [], [], []
            for _ in range(table.ROUNDS):
                floor.append(Load(port, EMPTY, cookie, seconds).rate)
                load = Load(port, url, cookie, seconds)
                ours.append(load.rate)
                slowest.append(load.p95)
            table.note(name, ours=ours, floor=floor, unit="requests a second")
            alone = Load(port, url, cookie, seconds, connections=1)
            print(
                f"{'':28} alone {alone.median * 1000:.0f} ms; "
                f"with {CONNECTIONS}: p95 {statistics.median(slowest) * 1000:.0f} ms"
            )


def pages():
    """{name: (address, cookie)}: each page of the table, and who loads it."""
    produced = of_the_town(RequestStatus.PRODUCED)
    draft = of_the_town(RequestStatus.DRAFT)
    waiting = of_the_town(RequestStatus.ACCEPTED)
    owner, writer = cookie_of(produced.holder.user), cookie_of(draft.holder.user)
    reviewer = cookie_of(User.objects.get(employee_number="S2001"))
    return {
        "page_home": ("/", owner),
        "page_progress": (produced.get_absolute_url(), owner),
        "page_form": (reverse("application:form", args=[draft.reference]), writer),
        "page_queue": (reverse("admin:cards_cardrequest_changelist"), reviewer),
        "page_decision": (
            reverse("admin:cards_cardrequest_change", args=[waiting.reference]),
            reviewer,
        ),
        "page_desk_start": (reverse("admin:index"), reviewer),
        "page_sign_in": (reverse("account_login"), ""),
    }


def of_the_town(status):
    found = CardRequest.objects.filter(status=status, holder__user__employee_number__startswith="D")
    return found.select_related("holder__user").earliest("pk")


def cookie_of(user):
    """A session of `user`, as the header Cookie."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@contextmanager
def served():
    """gunicorn with its deployed settings, on a free port: yields the port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    process = subprocess.Popen(  # noqa: S603 - our own words
        [*command, "bench.served:application"],
        env=os.environ | {"WEB_BIND": f"127.0.0.1:{port}"},
        cwd=settings.BASE_DIR,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: answers(port), seconds=60, what="gunicorn answers")
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=40)


def answers(port):
    try:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        line.request("GET", "/livez")
        return line.getresponse().status == 200
    except OSError:
        return False


class Load:
    """Loads one page for some seconds, once at least, over several connections that stay open."""

    def __init__(self, port, url, cookie, seconds, *, connections=CONNECTIONS):
        self.port, self.url, self.cookie = port, url, cookie
        self.spent = []
        began = time.perf_counter()
        self.until = began + seconds
        threads = [threading.Thread(target=self._ask) for _ in range(connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.rate = len(self.spent) / (time.perf_counter() - began)
        self.median = statistics.median(self.spent)
        self.p95 = sorted(self.spent)[len(self.spent) * 95 // 100]

    def _ask(self):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": self.cookie} if self.cookie else {}
        while True:
            began = time.perf_counter()
            line.request("GET", self.url, headers=headers)
            answer = line.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{self.url} answered {answer.status}")
            self.spent.append(time.perf_counter() - began)
            if time.perf_counter() >= self.until:
                break
        line.close()


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
