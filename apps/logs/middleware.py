"""One line for each request, and the number by which all lines of a request are found.

The line names the route and not the address: an address may hold the token of an invitation. It
holds no query string and no address of the visitor; the proxy notes from where a request came,
under the same number. Only of what was refused the line says to which account: its key, no name.
"""

import re
import time
import uuid

import structlog
from django.conf import settings
from django_structlog.celery.receivers import CeleryReceiver

HEADER = "X-Request-ID"
_NUMBER = re.compile(r"[0-9A-Za-z-]{16,64}")
# Asked every few seconds by machines.
# Not for the user, or not there for the user: which of the two it is, nobody is told.
_REFUSED = {403, 404}
_PROBES = {"livez", "readyz", "healthz", "metrics"}

logger = structlog.get_logger("portal.requests")

# A task that a request asks for gets the number of the request along. Kept: signals hold weakly.
_receiver = CeleryReceiver()
_receiver.connect_signals()


class RequestLogMiddleware:
    """Gives each request its number (`request.number`) and writes its line at the end."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.number = _number_of(request)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.number)
        began = time.perf_counter()
        response = self.get_response(request)
        route = request.resolver_match.route if request.resolver_match else ""
        if route not in _PROBES:
            note = logger.error if response.status_code >= 500 else logger.info
            note(
                "request",
                method=request.method,
                route=route,
                status=response.status_code,
                ms=round((time.perf_counter() - began) * 1000),
                **_refused_to(request, response),
            )
        response[HEADER] = request.number
        structlog.contextvars.clear_contextvars()
        return response


def _refused_to(request, response):
    """The account to which `response` refuses something, where the request was asked for one."""
    # Where Django keeps the user that it has read; asking for it here could cost a statement.
    account = getattr(request, "_cached_user", None)
    if response.status_code not in _REFUSED or account is None or not account.is_authenticated:
        return {}
    return {"account": account.pk}


def _number_of(request):
    """The number that our proxy has given the request, else a new one."""
    given = request.headers.get(HEADER, "") if settings.ALLAUTH_TRUSTED_PROXY_COUNT else ""
    return given if _NUMBER.fullmatch(given) else uuid.uuid4().hex
