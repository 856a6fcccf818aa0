"""HTTP to the gateways, and from the sandbox cashier to us."""

import http.client
import urllib.error
import urllib.parse
import urllib.request

from apps.common.http_calls import NoRedirects

TIMEOUT = 10  # seconds
LONGEST_ANSWER = 1_000_000  # bytes
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class WireError(Exception):
    """No usable answer: not reached, too slow, or not 200."""


_opener = urllib.request.build_opener(NoRedirects)
# The sandbox cashier is on this machine, so a proxy from the environment cannot reach it.
_local_opener = urllib.request.build_opener(NoRedirects, urllib.request.ProxyHandler({}))


def post_form(url, fields):
    """The text that `url` answers to a POSTed form. Raises `WireError`."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in {"http", "https"}:
        raise WireError("not an HTTP address")
    opener = _local_opener if parts.hostname in LOOPBACK else _opener
    body = urllib.parse.urlencode(fields).encode()
    call = urllib.request.Request(url, data=body, method="POST")  # noqa: S310
    try:
        with opener.open(call, timeout=TIMEOUT) as answer:
            return answer.read(LONGEST_ANSWER).decode()
    except urllib.error.HTTPError as error:
        error.close()
        raise WireError(f"answered {error.code}") from error
    except (OSError, http.client.HTTPException, UnicodeDecodeError) as error:
        raise WireError(type(error).__name__) from error
