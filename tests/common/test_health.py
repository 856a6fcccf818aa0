import pytest
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from apps.common import health


@pytest.fixture(autouse=True)
def _ask_again():
    health._check_migrations.cache_clear()
    yield
    health._check_migrations.cache_clear()


@pytest.mark.django_db
def test_a_portal_with_its_database_is_well(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_the_migrations_are_asked_for_once(client, django_assert_num_queries):
    client.get("/healthz")
    with django_assert_num_queries(1):
        client.get("/healthz")


@pytest.mark.django_db
def test_missing_migrations_are_told(client, monkeypatch):
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: ["one"])
    for _ in range(2):
        answer = client.get("/healthz")
        assert (answer.status_code, answer.json()) == (503, {"status": "migrations missing"})


def test_a_database_that_does_not_answer_is_told(client, monkeypatch):
    def refuse(*arguments):
        raise OperationalError("no connection to 10.0.0.1")

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "database unreachable"})
