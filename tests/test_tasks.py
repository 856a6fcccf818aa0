"""Every periodic task is safe to run twice, and every one of them stands in the one schedule."""

import pytest
from django.apps import apps

from sbk_portal.celery import QUEUES, app
from tests.world import make_world

app.loader.import_default_modules()  # what a worker does when it starts
OUR_TASKS = sorted(name for name in app.tasks if name.startswith("apps."))

# When a row is next looked at is bookkeeping; everything else must not change.
BOOKKEEPING = {
    "next_try_at",
    "next_check_at",
    "last_error",
    "tries",
    "leased_until",
    "updated_at",
    "computed_at",
    "watched_since",
    "first_seen_at",
    "began_at",
    "told_at",
}


def snapshot():
    """Every row of every model of ours, without bookkeeping."""
    return {
        model._meta.label: sorted(
            str({name: value for name, value in row.items() if name not in BOOKKEEPING})
            for row in model.objects.values()
        )
        for config in apps.get_app_configs()
        if config.name.startswith("apps.")
        for model in config.get_models()
    }


@pytest.fixture(scope="module")
def world(prepared):
    yield from prepared(make_world)


@pytest.mark.sampled
@pytest.mark.usefixtures("db", "world")
@pytest.mark.parametrize("name", OUR_TASKS)
def test_a_task_that_runs_twice_changes_nothing_more(name):
    app.tasks[name]()
    once = snapshot()
    app.tasks[name]()
    assert snapshot() == once


def test_every_scheduled_name_is_a_task():
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert scheduled
    assert scheduled <= set(OUR_TASKS)


def test_every_task_is_scheduled():
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert set(OUR_TASKS) == scheduled


def queue_of(name):
    return app.amqp.router.route({}, name)["queue"].name


def test_queues_stand_apart():
    """What moves money and cards never waits behind a file, a bureau or a message."""
    queues = {}
    for name in OUR_TASKS:
        queues.setdefault(queue_of(name), set()).add(name)
    assert set(queues) == set(QUEUES)
    assert {
        "apps.requests.tasks.accept_paid_requests",
        "apps.payments.tasks.reconcile",
        "apps.payments.tasks.send_refunds",
        "apps.loss_report.tasks.expire_loss_reports",
    } <= queues["lifecycle"]
    assert "apps.exports.tasks.write_exports" in queues["heavy"]
    assert "apps.notices.tasks.send_notices" in queues["notices"]
    assert "apps.bureau.tasks.advance_production" in queues["bureau"]
    assert {queue_of(name) for name in OUR_TASKS if name.endswith(".forget")} == {"heavy"}


def test_a_message_of_beat_expires_before_the_next_one():
    for entry in app.conf.beat_schedule.values():
        assert 0 < entry["options"]["expires"] < entry["schedule"]
