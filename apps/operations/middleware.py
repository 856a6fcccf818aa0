"""Counts the requests of a web process, and keeps its sign of life."""

import logging
import threading
import time

from django.core.signals import request_finished
from django.db import connections
from django.utils import timezone
from django.utils.module_loading import import_string

from apps.common.health import database_errors
from apps.operations import watching
from apps.operations.enums import ProcessKind
from apps.operations.tasks import Heartbeat, own_name

logger = logging.getLogger(__name__)


class MeasuringMiddleware:
    """How many requests each view answered with which class of status, and how long they took."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.perf_counter()
        response = self.get_response(request)
        # Read at the first request: the library for figures is no part of the start.
        note = import_string("apps.operations.measures.note_request")
        match = request.resolver_match
        note(
            view=(match.view_name or match.func.__name__) if match else "",
            status=response.status_code,
            seconds=time.perf_counter() - began,
        )
        return response


def keep_alive():
    """Have this web process give signs of life while it answers, as probes have it do anyway.

    If nobody has made the watch lately, it makes it, beside the request.
    """
    heartbeat = Heartbeat(ProcessKind.WEB)

    def note(**signal):
        try:
            if heartbeat.beat(name=own_name()):
                threading.Thread(target=_watch, daemon=True).start()
        except database_errors() as error:
            logger.warning("sign of life not written: %s", type(error).__name__)

    # Kept: the signal itself holds its receivers weakly.
    request_finished.connect(note, weak=False, dispatch_uid="operations.keep_alive")


def _watch():
    try:
        watching.take_over(at=timezone.now())
    except database_errors() as error:
        logger.warning("watch not taken over: %s", type(error).__name__)
    except Exception:
        logger.exception("watch not taken over")
    finally:
        connections.close_all()
