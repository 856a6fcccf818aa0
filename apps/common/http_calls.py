"""Calls to other systems over HTTP: they end after a while, are short, and follow no redirect.

They go to places that the settings name, whoever gives the address: what an answer names (a bill to
fetch, the keys of a sign-on) could lie anywhere, and a redirect would carry an order, or a phone
number and a text, there.
"""

import logging
import os
import socket
import threading
import time
from contextlib import suppress
from urllib.parse import urlsplit

import requests
import urllib3
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection

logger = logging.getLogger(__name__)

MOST_BYTES = 1_000_000
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class CallFailed(Exception):
    """No usable answer. The message says why, and names neither the address nor what was sent.

    `answered` is the status of the answer, None where there was none.
    """

    def __init__(self, why: str, *, answered: int | None = None):
        super().__init__(why)
        self.answered = answered


class _Hurried(HTTPConnection):
    """A connection whose answer has begun, with all its headers, within the time of a read.

    The limit of a socket is one for each piece, of which a slow server can send thousands.
    """

    def getresponse(self):
        is_late = threading.Event()
        timer = threading.Timer(self.timeout or 0, self._hang_up, [is_late])
        timer.daemon = True
        timer.start()
        try:
            return super().getresponse()
        finally:
            timer.cancel()
            if is_late.is_set():
                raise TimeoutError("too long")

    def _hang_up(self, is_late):
        is_late.set()
        with suppress(OSError):
            if self.sock:
                self.sock.shutdown(socket.SHUT_RDWR)


class _HurriedHTTPS(_Hurried, HTTPSConnection):
    pass


class _HurriedAdapter(HTTPAdapter):
    def get_connection_with_tls_context(self, request, *args, **options):
        pool = super().get_connection_with_tls_context(request, *args, **options)
        pool.ConnectionCls = _HurriedHTTPS if pool.scheme == "https" else _Hurried
        return pool


class BoundedSession(requests.Session):
    """An answer comes whole within `seconds`, and is no longer than `most_bytes`.

    Raises `requests.RequestException` for one that is slower, longer or broken off, and for an
    address at a place that no setting names. What is on this machine is called without the proxy of
    the environment, which could not reach it.
    """

    def __init__(self, seconds: float, most_bytes: int = MOST_BYTES):
        super().__init__()
        self.seconds = seconds
        self.most_bytes = most_bytes
        for scheme in ("http://", "https://"):
            self.mount(scheme, _HurriedAdapter())

    def request(self, method, url, **options):  # type: ignore[override]
        if not _is_named(url):
            logger.error("no setting names %s, so it was not called", urlsplit(url).hostname)
            raise requests.exceptions.InvalidURL("no setting names this host")
        until = time.monotonic() + self.seconds
        options |= {"timeout": self.seconds, "allow_redirects": False, "stream": True}
        self.trust_env = urlsplit(url).hostname not in LOOPBACK
        if not self.trust_env:  # then requests would not look for the authorities either
            options.setdefault("verify", os.environ.get("REQUESTS_CA_BUNDLE") or True)
        response = super().request(method, url, **options)
        try:
            read = self._read(response, until)
        except urllib3.exceptions.HTTPError as error:
            raise requests.exceptions.ConnectionError("broken off") from error
        announced = response.headers.get("Content-Length", "")
        is_plain = "Content-Encoding" not in response.headers
        if is_plain and announced.isdecimal() and int(announced) != len(read):
            raise requests.exceptions.ConnectionError("broken off")
        response._content = read
        return response

    def _read(self, response, until):
        """The body, one read of the socket at a time: who trickles cannot stretch the call."""
        read = b""
        with response:
            while piece := response.raw.read1(8192, decode_content=True):
                read += piece
                if len(read) > self.most_bytes or time.monotonic() > until:
                    raise requests.exceptions.ReadTimeout("too long")
        return read


def _is_named(url):
    """Whether `url` is at the place of one that settings.OUTBOUND_ADDRESSES name."""
    place = _place(url)
    values = [getattr(settings, name) for name in settings.OUTBOUND_ADDRESSES]
    named = [each for value in values for each in ([value] if isinstance(value, str) else value)]
    return any(each and _place(each) == place for each in named)


def _place(url):
    """Scheme, host and port of `url`, without the rest. Raises ValueError where it is none."""
    parts = urlsplit(url)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    return parts._replace(netloc=f"{parts.hostname}:{port}", path="", query="", fragment="")


def call(
    method: str, url: str, *, seconds: float, most_bytes: int = MOST_BYTES, **options
) -> requests.Response:
    """The answer of `url`, which is one of success. `options` are those of `requests.request`.

    Raises `CallFailed`.
    """
    try:
        with BoundedSession(seconds, most_bytes) as session:
            answer = session.request(method, url, **options)
    except (requests.RequestException, ValueError) as error:
        # A ValueError is an address that is none.
        raise CallFailed(type(error).__name__) from error
    if not 200 <= answer.status_code < 300:
        raise CallFailed(f"answered {answer.status_code}", answered=answer.status_code)
    return answer
