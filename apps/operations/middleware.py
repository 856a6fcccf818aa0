"""Counts the requests of a web process, and keeps its sign of life."""

import logging
import threading
import time

from django.core.signals import request_finished, request_started
from django.db import connections
from django.utils import timezone
from django.utils.module_loading import import_string

from apps.common.health import database_errors
from apps.operations import watching
from apps.operations.enums import ProcessKind
from apps.operations.tasks import SIGN_EVERY, Heartbeat, own_name

logger = logging.getLogger(__name__)

STUCK_AFTER = 60.0  # seconds; gunicorn's own time-out


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


class SignsOfLife:
    """Of one web process: it gives them while it answers, and while nobody asks."""

    def __init__(self):
        self._heartbeat = Heartbeat(ProcessKind.WEB)
        # Since when requests were begun and none was finished.
        self._waiting_since = None

    def note_start(self, **signal):
        if self._waiting_since is None:
            self._waiting_since = time.monotonic()

    def note_end(self, **signal):
        self._waiting_since = None
        if self._give():
            threading.Thread(target=_watch, daemon=True).start()

    def note_idle(self):
        """A sign, unless requests wait and none is answered; then the watch, if it is due."""
        since = self._waiting_since
        if (since is None or time.monotonic() - since < STUCK_AFTER) and self._give():
            _watch()

    def _give(self):
        """Whether a sign was due and has been written."""
        try:
            return self._heartbeat.beat(name=own_name())
        except database_errors() as error:
            logger.warning("sign of life not written: %s", type(error).__name__)
            return False


_of_this_process: list[SignsOfLife] = []


def keep_alive():
    """Have this web process give signs of life with the requests that it answers.

    If nobody has made the watch lately, it makes it, beside the request.
    """
    signs = SignsOfLife()
    _of_this_process[:] = [signs]
    # Kept: the signal itself holds its receivers weakly.
    request_started.connect(signs.note_start, weak=False, dispatch_uid="operations.note_start")
    request_finished.connect(signs.note_end, weak=False, dispatch_uid="operations.keep_alive")


def keep_alive_without_requests():
    """Have this process give signs of life also while nobody asks for a page, as at night.

    Without them a portal that nobody uses could not be told from one whose web processes are gone.
    gunicorn calls it in each of its workers (deploy/gunicorn.conf.py).
    """

    def stay_alive():
        while True:
            time.sleep(SIGN_EVERY)
            for signs in _of_this_process:
                signs.note_idle()

    threading.Thread(target=stay_alive, daemon=True, name="signs of life").start()


def _watch():
    try:
        watching.take_over(at=timezone.now())
    except database_errors() as error:
        logger.warning("watch not taken over: %s", type(error).__name__)
    except Exception:
        logger.exception("watch not taken over")
    finally:
        connections.close_all()
