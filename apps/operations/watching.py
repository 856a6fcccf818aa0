"""One round of the watch: notes the keys, makes all checks, settles and tells the alarms.

A task runs it each minute. Where no worker does (the broker is away, beat or the workers are dead)
a web process runs it instead, so that somebody is told of exactly that.
"""

from datetime import timedelta

from apps.common import leases
from apps.operations import alarms, keys, services, telling
from apps.operations.checks import CHECKS, by_key
from apps.operations.checks.processes import periods
from apps.operations.examination import examine
from apps.operations.models import TaskRun

TASK = "apps.operations.tasks.watch"
# The watch is overdue after this time, and after `alarms.LOOKS_APART` where a second look has to
# decide about an alarm; then a web process runs it.
OVERDUE = timedelta(minutes=3)
PROCESSES_KEPT = timedelta(days=7)


def run(*, at):
    """Make one round. Idempotent."""
    services.watch_tasks(names=periods(), at=at)
    services.forget_processes(before=at - PROCESSES_KEPT)
    services.note_keys(digests=keys.digests(), at=at)
    alarms.settle(examined=examine(CHECKS, at=at), at=at)
    telling.tell(title_of=lambda key: by_key(key).title, at=at)


def take_over(*, at):
    """Make a round if none was made lately. Returns whether it was made here.

    Of several processes that ask at once, one makes it.
    """
    row = TaskRun.objects.filter(task=TASK).first()
    if row is None:
        services.watch_tasks(names=periods(), at=at)
        row = TaskRun.objects.get(task=TASK)
    last = max(filter(None, (row.started_at, row.succeeded_at)), default=None)
    patience = alarms.LOOKS_APART if alarms.waits_for_a_second_look() else OVERDUE
    if leases.is_within(patience, last, at):
        return False
    if not leases.held(row, "started_at").update(started_at=at):
        return False
    run(at=at)
    return True
