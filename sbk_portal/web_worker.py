"""The worker class of gunicorn: what it refuses by itself is refused in the words of the portal.

A request line or a header that is too long or broken never reaches Django. gunicorn answers with a
page in English, in Latin-1, that repeats what was sent.
"""

from pathlib import Path

from gunicorn import util
from gunicorn.workers.gthread import ThreadWorker

_PAGES = Path(__file__).parent.parent / "deploy" / "pages"
_NOT_UNDERSTOOD, _OUT_OF_ORDER = "not-understood.html", "out-of-order.html"
_SERVER_ERROR = 500
_NOT_IMPLEMENTED = 501  # a transfer coding that nobody asked for: the request is at fault


class PortalWorker(ThreadWorker):
    def init_process(self):
        util.write_error = _write_error
        super().init_process()


def _write_error(sock, status_int, reason, mesg):
    """As gunicorn's. `mesg` repeats what was sent: it is for the log, and not for the page."""
    is_ours = status_int >= _SERVER_ERROR and status_int != _NOT_IMPLEMENTED
    page = (_PAGES / (_OUT_OF_ORDER if is_ours else _NOT_UNDERSTOOD)).read_bytes()
    head = "\r\n".join(
        (
            f"HTTP/1.1 {status_int} {reason}",
            "Connection: close",
            "Content-Type: text/html; charset=utf-8",
            f"Content-Length: {len(page)}",
            "Cache-Control: no-store",
            "Content-Security-Policy: default-src 'none'",
            "X-Content-Type-Options: nosniff",
        )
    )
    util.write_nonblock(sock, f"{head}\r\n\r\n".encode() + page)
