"""Loads on pages that gunicorn serves as deployed; shared by the benchmarks of pages."""

import http.client
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.conf import settings
from django.test import Client

from tests.processes import free_port, wait_until

CONNECTIONS = 16


def cookie_of(user):
    """A session of `user`, as the header Cookie."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@contextmanager
def served():
    """The portal on a free port, with the empty page of bench.served: yields the port."""
    port = free_port()
    with gunicorn(
        "bench.served:application",
        python=sys.executable,
        environment=os.environ,
        port=port,
        is_up=lambda: first_page(port, "/livez") == 200,
    ):
        yield port


@contextmanager
def gunicorn(application, *, python, environment, port, is_up):
    """`application` with the deployed settings of gunicorn, until the block ends."""
    process = subprocess.Popen(  # noqa: S603 - our own words
        [python, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", application],
        env=environment | {"WEB_BIND": f"127.0.0.1:{port}"},
        cwd=settings.BASE_DIR,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(is_up, seconds=180, what="gunicorn answers")
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=40)


def first_page(port, url):
    """The status of the answer, or None while nobody answers."""
    try:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        line.request("GET", url)
        return line.getresponse().status
    except OSError:
        return None


def check_page(port, url, cookie, needs):
    """The page. Raises RuntimeError unless it answers 200 and shows each text of `needs`."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", url, headers={"Cookie": cookie} if cookie else {})
    answer = line.getresponse()
    text = answer.read().decode()
    line.close()
    missing = [need for need in needs if need not in text]
    if answer.status != 200 or missing:
        raise RuntimeError(f"{url} answered {answer.status} and does not show {missing}")
    return text


class Load:
    """Loads one page over several connections that stay open, each of them once at least.

    It ends after `seconds`, or with `is_over` as soon as that says so. With `pause`, seconds, each
    waits before it asks again, as somebody who reads: between nothing and twice as long.
    """

    status = 200  # any other answer raises RuntimeError
    headers: dict[str, str] = {}

    def __init__(
        self,
        port,
        url,
        cookie,
        seconds=0,
        *,
        connections=CONNECTIONS,
        pause=0,
        is_over=lambda: True,
    ):
        self.port, self.url, self.cookie, self.is_over = port, url, cookie, is_over
        self.pause = pause
        self.spent = []
        began = time.perf_counter()
        self.until = began + seconds
        with ThreadPoolExecutor(connections) as threads:
            asking = [threads.submit(self._ask) for _ in range(connections)]
        for one in asking:
            one.result()  # raises what went wrong in a thread
        self.rate = len(self.spent) / (time.perf_counter() - began)
        self.median = statistics.median(self.spent)
        self.p95 = sorted(self.spent)[len(self.spent) * 95 // 100]

    def _ask(self):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = self.headers | ({"Cookie": self.cookie} if self.cookie else {})
        while True:
            time.sleep(random.uniform(0, 2 * self.pause))  # noqa: S311 - nothing is secret here
            began = time.perf_counter()
            line.request("GET", self.url, headers=headers)
            answer = line.getresponse()
            answer.read()
            if answer.status != self.status:
                raise RuntimeError(f"{self.url} answered {answer.status}")
            self.spent.append(time.perf_counter() - began)
            if time.perf_counter() >= self.until and self.is_over():
                break
        line.close()


class Poll(Load):
    """An open page that asks again and again, and hears that nothing has changed."""

    status = 204
    headers = {"HX-Request": "true"}


def polled_by(page):
    """The address that the `page`, its HTML, asks again."""
    return re.search(r'hx-get="([^"]+[?]seen=[^"]+)"', page)[1]
