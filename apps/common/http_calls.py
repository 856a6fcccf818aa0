"""Calls to other systems over HTTP: they end after a while, are short, and follow no redirect.

A redirect would carry an order, or a phone number and a text, to an address that nobody configured.
"""

import os
import time
from urllib.parse import urlsplit

import requests
import urllib3

MOST_BYTES = 1_000_000
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class CallFailed(Exception):
    """No usable answer. The message says why, and names neither the address nor what was sent."""


class BoundedSession(requests.Session):
    """An answer comes whole within `seconds`, and is no longer than `most_bytes`.

    Raises `requests.RequestException` for one that is slower, longer or broken off. What is on this
    machine is called without the proxy of the environment, which could not reach it.
    """

    def __init__(self, seconds: float, most_bytes: int = MOST_BYTES):
        super().__init__()
        self.seconds = seconds
        self.most_bytes = most_bytes

    def request(self, method, url, **options):  # type: ignore[override]
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
        raise CallFailed(f"answered {answer.status_code}")
    return answer
