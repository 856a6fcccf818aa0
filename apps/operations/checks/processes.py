"""Checks of the portal's own processes and of its periodic tasks."""

from datetime import timedelta

from celery import current_app
from django.conf import settings

from apps.common import leases
from apps.operations.enums import ProcessKind, State
from apps.operations.examination import Diagnosis, HealthCheck
from apps.operations.models import Process, TaskRun

# Without a sign for so long, a process counts as gone. Each gives one about twice a minute.
GONE_AFTER = timedelta(minutes=3)
# A task is late after so many of its periods, and never before a restart could be over.
PERIODS = 3
LEAST_LATENESS = timedelta(minutes=3)


def alive(at):
    """The processes that gave a sign lately, the oldest first.

    A sign of a later moment was given before the clock was set back.
    """
    recent = Process.objects.filter(
        seen_at__gt=at - GONE_AFTER, seen_at__lte=at + leases.CLOCKS_DIFFER_BY
    )
    return recent.order_by("kind", "name")


def just_started(at):
    """Whether the whole portal runs for less than `GONE_AFTER`: every process that lives is new.

    A process that keeps dying is not new: the row of the one before counts for so long.
    """
    started = [process.started_at for process in alive(at)]
    return bool(started) and leases.is_within(GONE_AFTER, min(started), at)


def after_a_start(find):
    """`find` for a check that needs a while after a start: then not well is no result yet."""

    def result(at):
        found = find(at)
        if found.state != State.OK and just_started(at):
            return Diagnosis(State.NEW, "刚启动，还没有结果。")
        return found

    return result


def _kind(kind, missing):
    """A check that at least one process of `kind` lives; `missing` is the sentence otherwise."""

    def find(at):
        found = [process for process in alive(at) if process.kind == kind]
        if found:
            lines = tuple(f"{process.name}，版本 {process.release}" for process in found)
            return Diagnosis(State.OK, f"{len(found)} 个在运行。", lines)
        last = Process.objects.filter(kind=kind).order_by("-seen_at").first()
        when = f"，最近一次在 {_minutes(at - last.seen_at)} 分钟以前" if last else ""
        return Diagnosis(State.BAD, f"{missing}{when}。")

    return after_a_start(find)


def _minutes(length):
    return max(int(length.total_seconds() // 60), 0)


def _releases(at):
    releases = {process.release for process in alive(at)}
    if len(releases) > 1:
        return Diagnosis(
            State.WARN, f"同时有 {len(releases)} 个版本在运行。", tuple(sorted(releases))
        )
    return Diagnosis(State.OK, f"都是同一个版本：{''.join(releases) or settings.RELEASE}。")


def periods():
    """{name of a periodic task: seconds between two of its runs}."""
    schedule = current_app.conf.beat_schedule
    return {entry["task"]: float(entry["schedule"]) for entry in schedule.values()}


def late_tasks(at):
    """(`TaskRun`, since when) of each task without a success for too long.

    A success that lies as far ahead was noted before the clock was set back, and tells nothing.
    """
    every = periods()
    found = []
    for run in TaskRun.objects.filter(task__in=every).order_by("task"):
        since = run.succeeded_at or run.watched_since
        patience = max(timedelta(seconds=PERIODS * every[run.task]), LEAST_LATENESS)
        if abs(at - since) > patience:
            found.append((run, since))
    return found


def _tasks(at):
    late = late_tasks(at)
    if late:
        lines = tuple(
            f"{run.task}：{_minutes(at - since)} 分钟没有成功"
            f"{f'，上次的错误是 {run.last_error}' if run.last_error else ''}"
            for run, since in late
        )
        return Diagnosis(State.BAD, f"{len(late)} 个定时任务连续三个周期没有成功。", lines)
    return Diagnosis(State.OK, f"{len(periods())} 个定时任务都按时成功过。")


CHECKS = (
    HealthCheck(
        ProcessKind.WEB.lower(),
        "网页进程",
        "查看网页进程的日志（journalctl 或 docker compose logs web），重启它。",
        _kind(ProcessKind.WEB, "没有网页进程"),
    ),
    HealthCheck(
        ProcessKind.WORKER.lower(),
        "后台任务进程",
        "先看消息队列那一项；队列正常就重启 worker，并看它的日志。到期的事重启后接着办。",
        _kind(ProcessKind.WORKER, "没有后台任务进程"),
    ),
    HealthCheck(
        ProcessKind.BEAT.lower(),
        "定时任务进程",
        "先看消息队列那一项；队列正常就重启 beat。它停多久，定时的事就晚多久，不会丢。",
        _kind(ProcessKind.BEAT, "定时任务进程没有发出消息"),
    ),
    HealthCheck(
        "releases",
        "版本",
        "升级没有做完：把还在运行旧版本的进程重启一次。",
        _releases,
    ),
    HealthCheck(
        "tasks",
        "定时任务",
        "按错误的名字在日志里找这个任务；只有一行出错时，它旁边的事照常办，可以先放着。",
        after_a_start(_tasks),
    ),
)
