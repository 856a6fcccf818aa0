"""Notes down which processes live and how the periodic tasks went. Cheap: one statement each."""

from django.db.models import F

from apps.operations.models import KeyRecord, Process, TaskRun


def note_process(*, kind, name, release, started_at, at):
    """Write down that a process lives."""
    Process.objects.update_or_create(
        kind=kind,
        name=name,
        defaults={"seen_at": at, "release": release, "started_at": started_at},
    )


def forget_processes(*, before):
    """Delete the rows of processes that were last seen before the moment `before`."""
    Process.objects.filter(seen_at__lt=before).delete()


def watch_tasks(*, names, at):
    """Have a row for each of the scheduled tasks `names`, and none for others."""
    known = set(TaskRun.objects.values_list("task", flat=True))
    TaskRun.objects.bulk_create(
        [TaskRun(task=name, watched_since=at) for name in sorted(set(names) - known)],
        ignore_conflicts=True,
    )
    if known - set(names):
        TaskRun.objects.exclude(task__in=names).delete()


def note_start(*, task, at):
    """Write down that the periodic task named `task` has started."""
    if not TaskRun.objects.filter(task=task).update(started_at=at):
        TaskRun.objects.bulk_create(
            [TaskRun(task=task, watched_since=at, started_at=at)], ignore_conflicts=True
        )


def note_end(*, task, ms, error, at):
    """Write down how a run ended: after `ms` milliseconds, with the name of an `error` or ""."""
    if error:
        result = {"failed_at": at, "last_error": error[:100], "failures": F("failures") + 1}
    else:
        result = {"succeeded_at": at, "successes": F("successes") + 1}
    TaskRun.objects.filter(task=task).update(last_ms=ms, total_ms=F("total_ms") + ms, **result)


def note_keys(*, digests, at):
    """Write down the `digests` (name → digest) of keys that were not seen before."""
    known = set(KeyRecord.objects.values_list("name", "digest"))
    KeyRecord.objects.bulk_create(
        [
            KeyRecord(name=name, digest=digest, first_seen_at=at)
            for name, digest in digests.items()
            if (name, digest) not in known
        ],
        ignore_conflicts=True,
    )
