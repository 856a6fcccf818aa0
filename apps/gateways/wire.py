"""HTTP to the gateways, and from the sandbox cashier to us."""

from apps.common.http_calls import CallFailed, call

TIMEOUT = 10  # seconds
FILE_TIMEOUT = 60  # seconds
MOST_OF_FILE = 20_000_000  # bytes; a day of 100,000 trades has about 5,000,000


class WireError(Exception):
    """No usable answer: not reached, too slow, or not one of success."""


def post_form(url, fields):
    """The text that `url` answers to a POSTed form. Raises `WireError`."""
    try:
        return call("POST", url, seconds=TIMEOUT, data=fields).content.decode()
    except (CallFailed, UnicodeDecodeError) as error:
        raise WireError(str(error)) from error


def get_file(url):
    """The bytes at `url`. Raises `WireError`."""
    try:
        answer = call("GET", url, seconds=FILE_TIMEOUT, most_bytes=MOST_OF_FILE)
    except CallFailed as error:
        raise WireError(str(error)) from error
    return answer.content
