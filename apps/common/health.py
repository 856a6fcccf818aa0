"""Whether this process can serve, and the page for when it cannot.

It can while the database answers and has the tables that the code expects.
"""

import sys
import time
from collections.abc import Callable
from functools import cache

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpResponse, HttpResponseServerError, JsonResponse
from django.template import loader
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.common import broker
from apps.common.pending_migrations import pending_migrations

RETRY_AFTER_SECONDS = 10
BROKER_ASKED_EVERY = 10.0  # seconds; a hung broker takes half a second to be found out
_broker_answer: list = [-BROKER_ASKED_EVERY, ""]
_reasons: list[Callable[[], str]] = []


def database_errors():
    """What is raised where the database is away: for an `except`, which asks only when it must."""
    return (DatabaseError, InterfaceError, *_pool_errors())


def _pool_errors():
    """The error of a pool, where there is one: with SQLite its library, a tenth of the memory of a
    process, is not loaded.
    """
    pool = sys.modules.get("psycopg_pool")
    return (pool.PoolTimeout,) if pool else ()


def refuse_while(reason):
    """Have `readyz` answer 503 while the function `reason` returns a text.

    Once it returns "", it is not asked again by this process. It may raise `DatabaseError`.
    """
    _reasons.append(reason)


@require_safe
@never_cache
def livez(request):
    """200 while this process answers at all; whoever asks restarts it when it does not."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request):
    """200 when pages can be served, 503 with the reason otherwise; for load balancers.

    Without the broker the portal serves all pages, and only what runs by the clock waits: 200, and
    `degraded` says so.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        _check_migrations()
        _check_fitness()
    except database_errors():
        return JsonResponse({"status": "database unreachable"}, status=503)
    except _Behind:
        return JsonResponse({"status": "migrations missing"}, status=503)
    except _NotFit as reason:
        return JsonResponse({"status": str(reason)}, status=503)
    trouble = _broker_trouble()
    if trouble:
        return JsonResponse({"status": "degraded", "broker": trouble})
    return JsonResponse({"status": "ok"})


def _broker_trouble():
    """What is wrong with the broker, asked for at most once in `BROKER_ASKED_EVERY` seconds."""
    asked_at, trouble = _broker_answer
    if time.monotonic() - asked_at > BROKER_ASKED_EVERY:
        trouble = broker.ask().trouble
        _broker_answer[:] = [time.monotonic(), trouble]
    return trouble


def out_of_order(request, **context):
    """The page for an error: 503 while the database is away or full up, else 500.

    To be called while the error is handled. `context` is for the template, which asks nothing else.
    """
    error = sys.exc_info()[1]
    context["number"] = _short_number(request)
    if not isinstance(error, (OperationalError, InterfaceError, *_pool_errors())):
        return HttpResponseServerError(loader.get_template("500.html").render(context))
    context["is_posted"] = request.method == "POST"
    if hasattr(request, "session"):
        # Or middleware would ask who it is, and each of them wait for the database once more.
        request.session.accessed = False
    page = loader.get_template("503.html").render(context)
    return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})


class _Behind(Exception):
    """Migrations of this code are not applied yet."""


class _NotFit(Exception):
    """Why this process must not serve."""


@cache
def _check_fitness():
    """Raise `_NotFit` while a room has a reason (`refuse_while`)."""
    for reason in _reasons:
        if text := reason():
            raise _NotFit(text)


@cache
def _check_migrations():
    """Raise `_Behind` while migrations are missing. The answer "none is missing" is remembered."""
    if pending_migrations(connection):
        raise _Behind


def _short_number(request):
    """The beginning of the number of `request`, which people quote; "" where it has none."""
    return getattr(request, "number", "")[:8]
