import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from apps.common import broker, health


@pytest.fixture(autouse=True)
def _ask_again():
    health._check_migrations.cache_clear()
    yield
    health._check_migrations.cache_clear()


@pytest.mark.django_db
def test_a_portal_with_its_database_is_well(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_the_migrations_are_asked_for_once(client, django_assert_num_queries):
    client.get("/readyz")
    with django_assert_num_queries(1):
        client.get("/readyz")


@pytest.mark.django_db
def test_missing_migrations_are_told(client):
    MigrationRecorder(connection).record_unapplied("cards", "0001_create_cards")
    for _ in range(2):
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"status": "migrations missing"})


def test_a_database_that_does_not_answer_is_told(client, monkeypatch):
    def refuse(*arguments):
        raise OperationalError("no connection to 10.0.0.1")

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "database unreachable"})


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_page_without_its_database_says_so_and_what_becomes_of_what_was_typed(
    client, db, monkeypatch, method
):
    def away(*args, **kwargs):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("django.db.models.sql.compiler.SQLCompiler.execute_sql", away)
    client.raise_request_exception = False
    page = {"get": "/areas/", "post": "/accounts/login/"}[method]
    answer = getattr(client, method)(page, {"login": "T1", "password": "x"})
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "数据库暂时连不上" in answer.content.decode()
    assert ("刚才提交的没有保存" in answer.content.decode()) == (method == "post")


@pytest.fixture
def _broker_asked_anew():
    health._broker_answer[:] = [-health.BROKER_ASKED_EVERY, ""]
    yield
    health._broker_answer[:] = [-health.BROKER_ASKED_EVERY, ""]


@pytest.mark.django_db
@pytest.mark.usefixtures("_broker_asked_anew")
def test_without_its_broker_a_portal_is_ready_and_says_degraded(client, monkeypatch):
    asked = []

    def ask(queues=()):
        asked.append(queues)
        return broker.BrokerState("没有回应")

    monkeypatch.setattr(broker, "ask", ask)
    for _ in range(3):
        answer = client.get("/readyz")
        assert answer.status_code == 200
        assert answer.json() == {"status": "degraded", "broker": "没有回应"}
    assert len(asked) == 1


def test_a_process_that_answers_lives_whatever_the_database_does(client):
    assert client.get("/livez").json() == {"status": "ok"}
