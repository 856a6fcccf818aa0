"""The watch, and what Celery's signals tell: how each periodic task went, and who is alive."""

import functools
import logging
import os
import socket
import time

from celery import shared_task
from celery.signals import (
    after_task_publish,
    beat_init,
    task_postrun,
    task_prerun,
    worker_init,
    worker_ready,
)
from django.conf import settings
from django.db import close_old_connections, connection
from django.utils import timezone

from apps.common.health import database_errors
from apps.operations import services, watching
from apps.operations.checks.processes import periods
from apps.operations.enums import ProcessKind

logger = logging.getLogger(__name__)

SIGN_EVERY = 30.0  # seconds between two signs of life of a process


@shared_task
def watch():
    """Make all checks, and tell of what began and what is over."""
    watching.run(at=timezone.now())


def _never_harms(receiver):
    """Without the database nothing is noted; what the process is there for goes on."""

    @functools.wraps(receiver)
    def receive(**signal):
        try:
            receiver(**signal)
        except database_errors() as error:
            logger.warning("%s: %s", receiver.__name__, type(error).__name__)

    return receive


class Heartbeat:
    """Says about twice a minute that this process lives; from any thread."""

    def __init__(self, kind):
        self.kind = kind
        self.started_at = timezone.now()
        self._next = 0.0

    def beat(self, *, name):
        """Write it down if the last time is long enough ago. Returns whether it was."""
        if time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + SIGN_EVERY
        _drop_idle_connection()
        services.note_process(
            kind=self.kind,
            name=name,
            release=settings.RELEASE,
            started_at=self.started_at,
            at=timezone.now(),
        )
        _drop_idle_connection()
        return True


def _drop_idle_connection():
    """What asks so seldom keeps no connection, nor uses one that the server has closed."""
    if not connection.in_atomic_block:
        close_old_connections()


def own_name():
    """The name of this process among others of its kind."""
    return f"{socket.gethostname()}:{os.getpid()}"


_worker = Heartbeat(ProcessKind.WORKER)
_beats: list[Heartbeat] = []  # one in the process of beat, else none
_started: dict[str, float] = {}


@worker_init.connect
def begin_worker(**signal):
    """A worker starts here. Where one process loads the program for others, that was earlier."""
    _worker.started_at = timezone.now()


@worker_ready.connect
@_never_harms
def note_worker(sender, **signal):
    _worker.beat(name=sender.hostname)


@beat_init.connect
@_never_harms
def note_beat(**signal):
    _beats.append(Heartbeat(ProcessKind.BEAT))
    services.watch_tasks(names=periods(), at=timezone.now())


@after_task_publish.connect
@_never_harms
def note_pulse(**signal):
    """Beat lives while it puts out messages: a process that only stands there gives no sign."""
    for beat in _beats:
        beat.beat(name=own_name())


@task_prerun.connect
@_never_harms
def note_start(task_id, task, **signal):
    if task.name in periods():
        _started[task_id] = time.monotonic()
        services.note_start(task=task.name, at=timezone.now())


@task_postrun.connect
@_never_harms
def note_end(task_id, task, state, retval, **signal):
    begun = _started.pop(task_id, None)
    if begun is None:
        return
    services.note_end(
        task=task.name,
        ms=round((time.monotonic() - begun) * 1000),
        error="" if state == "SUCCESS" else type(retval).__name__,
        at=timezone.now(),
    )
    _worker.beat(name=task.request.hostname or own_name())
