"""Every periodic task is safe to run twice, and every one of them stands in the one schedule."""

import pytest
from django.apps import apps

from sbk_portal.celery import app
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
