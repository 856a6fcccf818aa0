"""The figures of /metrics that are read from the database: the same from every process."""

from collections.abc import Iterator
from typing import Any, cast

from celery import current_app
from django.conf import settings
from django.db import connection
from django.db.models import Count
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from apps.common import broker
from apps.notices.enums import NoticeStatus
from apps.notices.models import Notice
from apps.operations.checks.processes import alive
from apps.operations.models import Alarm, TaskRun
from apps.operations.oldest_due import queues
from apps.payments.enums import PaymentStatus
from apps.payments.models import Payment


class PortalFigures:
    """A collector for prometheus_client. Each query is bounded, and served by an index."""

    def __init__(self, at):
        self.at = at

    def collect(self) -> Iterator[Metric]:
        yield from self._tasks()
        yield from self._work()
        yield from self._broker()
        yield from self._pool()

    def _tasks(self):
        runs = CounterMetricFamily(
            "portal_task_runs", "Runs of periodic tasks, by result.", labels=["task", "result"]
        )
        seconds = CounterMetricFamily(
            "portal_task_seconds", "Time spent in periodic tasks.", labels=["task"]
        )
        succeeded = GaugeMetricFamily(
            "portal_task_last_success_timestamp_seconds",
            "When a periodic task last succeeded.",
            labels=["task"],
        )
        for run in TaskRun.objects.all():
            runs.add_metric([run.task, "success"], run.successes)
            runs.add_metric([run.task, "failure"], run.failures)
            seconds.add_metric([run.task], run.total_ms / 1000)
            since = run.succeeded_at or run.watched_since
            succeeded.add_metric([run.task], since.timestamp())
        processes = GaugeMetricFamily(
            "portal_processes", "Processes that gave a sign lately.", labels=["kind", "release"]
        )
        found = alive(self.at).order_by().values("kind", "release").annotate(count=Count("pk"))
        for row in found:
            processes.add_metric([row["kind"].lower(), row["release"]], row["count"])
        yield from (runs, seconds, succeeded, processes)

    def _work(self):
        lag = GaugeMetricFamily(
            "portal_due_lag_seconds",
            "How long the oldest due row of a sweep has been due; 0 without one.",
            labels=["sweep"],
        )
        for queue in queues():
            since = queue.oldest(self.at)
            lag.add_metric([queue.key], (self.at - since).total_seconds() if since else 0.0)
        yield lag
        payments = GaugeMetricFamily(
            "portal_payments", "Orders at the gateways, by status.", labels=["status"]
        )
        by_status = dict(
            Payment.objects.order_by().values_list("status").annotate(count=Count("pk"))
        )
        for status in PaymentStatus:
            payments.add_metric([status.lower()], by_status.get(status, 0))
        yield payments
        yield GaugeMetricFamily(
            "portal_messages_waiting",
            "Messages that wait to be sent.",
            value=Notice.objects.filter(status=NoticeStatus.WAITING).count(),
        )
        yield GaugeMetricFamily(
            "portal_messages_given_up",
            "Messages that were given up and not set aside.",
            value=Notice.objects.given_up().count(),
        )
        yield GaugeMetricFamily(
            "portal_alarms_open", "Open alarms.", value=Alarm.objects.open().count()
        )

    def _broker(self):
        names = [queue.name for queue in current_app.conf.task_queues]
        state = broker.ask(names)
        yield GaugeMetricFamily(
            "portal_broker_up",
            "Whether the broker takes messages.",
            value=0 if state.trouble else 1,
        )
        waiting = GaugeMetricFamily(
            "portal_queue_messages", "Messages that wait in a queue.", labels=["queue"]
        )
        for name, count in state.waiting.items():
            waiting.add_metric([name], count)
        yield waiting

    def _pool(self):
        """Of this process alone: the database connections of its pool."""
        sizes = GaugeMetricFamily(
            "portal_database_pool",
            "Database connections of the answering process, by what they do.",
            labels=["state"],
        )
        if settings.DATABASES["default"].get("OPTIONS", {}).get("pool"):
            stats = cast(Any, connection).pool.get_stats()
            for state in ("pool_size", "pool_available", "requests_waiting"):
                sizes.add_metric([state], stats.get(state, 0))
        yield sizes
