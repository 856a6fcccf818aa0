"""/metrics: what it shows, to whom, and that several processes count together."""

import os
import re
import subprocess
import sys

import pytest
from django.db import OperationalError, connection
from prometheus_client.parser import text_string_to_metric_families

from apps.cards.enums import RequestStatus
from apps.operations import metric_files, services
from apps.operations.models import TaskRun
from apps.payments.enums import PaymentStatus
from tests.factories.cards import AT, make_request
from tests.factories.payments import make_paid

pytestmark = pytest.mark.django_db

TASK = "apps.payments.tasks.reconcile"


def samples(text):
    """{name and labels: value} of everything that was exposed."""
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def read(client, **extra):
    answer = client.get("/metrics", **extra)
    assert answer.status_code == 200
    return samples(answer.content.decode())


@pytest.mark.slow
def test_requests_are_counted_by_view_and_class_of_status(client):
    key = ("portal_requests_total", ("status", "2xx"), ("view", "regions:areas"))
    before = read(client).get(key, 0)
    client.get("/areas/")
    after = read(client)
    assert after[key] == before + 1
    assert after[("portal_request_seconds_count", ("view", "regions:areas"))] >= 1
    client.get("/nothing-here")
    assert read(client)[("portal_requests_total", ("status", "4xx"), ("view", "none"))] >= 1


def test_tasks_payments_and_lag_come_from_the_database(client):
    services.watch_tasks(names=[TASK], at=AT)
    services.note_end(task=TASK, ms=1500, error="", at=AT)
    services.note_end(task=TASK, ms=500, error="KeyError", at=AT)
    make_paid(at=AT)
    make_request(RequestStatus.PAID, at=AT)
    found = read(client)
    assert found[("portal_task_runs_total", ("result", "success"), ("task", TASK))] == 1
    assert found[("portal_task_runs_total", ("result", "failure"), ("task", TASK))] == 1
    assert found[("portal_task_seconds_total", ("task", TASK))] == 2
    assert found[("portal_payments", ("status", "paid"))] == 1
    assert {status.lower() for status in PaymentStatus} == {
        labels[1] for name, *rest in found if name == "portal_payments" for labels in rest
    }
    assert found[("portal_due_lag_seconds", ("sweep", "accept"))] > 0
    assert found[("portal_due_lag_seconds", ("sweep", "loss_report_expire"))] == 0
    assert found[("portal_broker_up",)] == 1
    assert found[("portal_database_up",)] == 1


def test_the_figures_cost_a_bounded_number_of_queries(client, django_assert_max_num_queries):
    read(client)
    with django_assert_max_num_queries(45):
        read(client)


def test_without_the_database_the_rest_is_shown(client, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr("django.db.models.sql.compiler.SQLCompiler.execute_sql", away)
    found = read(client)
    assert found[("portal_database_up",)] == 0
    assert any(name == "portal_requests_total" for name, *_ in found)


@pytest.mark.parametrize(
    "extra",
    [
        {"REMOTE_ADDR": "10.1.2.3"},
        {"headers": {"x-forwarded-for": "127.0.0.1"}},
        {"headers": {"forwarded": "for=127.0.0.1"}},
        {"REMOTE_ADDR": ""},
    ],
)
def test_others_find_nothing(client, extra):
    assert client.get("/metrics", **extra).status_code == 404


def test_with_a_token_it_alone_counts(client, settings):
    settings.METRICS_TOKEN = "t" * 32
    assert client.get("/metrics").status_code == 404
    wrong = {"authorization": "Bearer 错"}
    assert client.get("/metrics", headers=wrong).status_code == 404
    right = {"authorization": f"Bearer {'t' * 32}", "x-forwarded-for": "10.1.2.3"}
    assert client.get("/metrics", headers=right).status_code == 200


COUNTS = """
import sys
from pathlib import Path
from apps.operations import metric_files
metric_files.count_together(Path(sys.argv[1]))
from apps.operations import measures
for _ in range(3):
    measures.note_request(view="home:home", status=200, seconds=0.2)
"""
SHOWS = """
import sys
from pathlib import Path
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
registry = CollectorRegistry()
MultiProcessCollector(registry, path=sys.argv[1])
sys.stdout.write(generate_latest(registry).decode())
"""


def run(source, folder):
    ended = subprocess.run(
        [sys.executable, "-c", source, str(folder)], capture_output=True, text=True, check=True
    )
    return ended.stdout


def test_what_ended_processes_counted_stays_and_their_files_do_not(tmp_path):
    key = ("portal_requests_total", ("status", "2xx"), ("view", "home:home"))
    bucket = ("portal_request_seconds_bucket", ("le", "0.25"), ("view", "home:home"))
    for processes in (1, 2):
        run(COUNTS, tmp_path)
        before = samples(run(SHOWS, tmp_path))
        metric_files.add_up_ended(tmp_path)
        after = samples(run(SHOWS, tmp_path))
        assert before == after
        assert after[key] == after[bucket] == 3 * processes
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"counter_0.db", "histogram_0.db", "lock"}


def test_a_living_process_keeps_its_file(tmp_path):
    own = tmp_path / f"counter_{os.getpid()}.db"
    own.write_bytes(b"\0" * 64)
    metric_files.add_up_ended(tmp_path)
    assert own.exists()


def test_a_folder_that_cannot_be_made_is_only_told(tmp_path, monkeypatch):
    monkeypatch.delenv(metric_files.FOLDER_VARIABLE, raising=False)
    (tmp_path / "file").touch()
    metric_files.count_together(tmp_path / "file" / "folder")
    assert metric_files.FOLDER_VARIABLE not in os.environ


def test_the_pool_of_the_process_is_shown_where_there_is_one(client):
    found = read(client)
    has_pool = bool(connection.settings_dict["OPTIONS"].get("pool"))
    assert (("portal_database_pool", ("state", "pool_size")) in found) == has_pool


def test_a_task_that_never_succeeded_counts_from_when_it_was_first_seen(client):
    services.watch_tasks(names=[TASK], at=AT)
    key = ("portal_task_last_success_timestamp_seconds", ("task", TASK))
    assert read(client)[key] == AT.timestamp()
    assert TaskRun.objects.get().succeeded_at is None


def test_names_are_those_of_prometheus(client):
    for name, *_ in read(client):
        assert re.fullmatch(r"(portal|python|process)_[a-z_]+", name)
