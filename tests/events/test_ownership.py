"""A production that signs in to its database as the owner of the tables does not serve."""

import pytest
from django.core import checks
from django.db import connection

from apps.common import health
from apps.events import ownership
from apps.operations.checks import by_key
from apps.operations.enums import State
from tests.factories.cards import AT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _production(settings):
    settings.EMBEDDED = False
    health._check_fitness.cache_clear()
    yield
    health._check_fitness.cache_clear()


def deployment_errors():
    found = checks.run_checks(
        tags=[checks.Tags.database], include_deployment_checks=True, databases=["default"]
    )
    return [error.msg for error in found if error.id == "events.E001"]


@pytest.mark.postgres
def test_the_owner_of_the_tables_is_refused(client):
    """The tests sign in as a superuser that owns all tables."""
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "one database role"})
    assert "应用登录数据库用的是超级用户。" in deployment_errors()
    assert any("events_event" in error for error in deployment_errors())
    assert by_key("roles").find(AT).state == State.BAD


@pytest.mark.postgres
def test_a_member_of_the_owner_is_refused_like_the_owner(client):
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE portal_owner")
        cursor.execute("CREATE ROLE portal_member IN ROLE portal_owner")
        cursor.execute("ALTER TABLE events_event OWNER TO portal_owner")
        cursor.execute("GRANT USAGE ON SCHEMA public TO portal_member")
        cursor.execute("SET LOCAL ROLE portal_member")
    assert ownership.findings() == ["应用的数据库角色能去掉这些表的保护：events_event。"]


@pytest.mark.postgres
def test_the_role_of_the_application_serves(client, application_role):
    assert ownership.findings() == []
    assert deployment_errors() == []
    assert by_key("roles").find(AT).state == State.OK
    assert ownership.trouble() == ""


def test_a_room_s_reason_is_told_by_readyz_until_it_is_gone(client, monkeypatch):
    reasons = ["not yet", ""]
    monkeypatch.setattr(health, "_reasons", [lambda: reasons.pop(0)])
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "not yet"})
    for _ in range(2):
        assert client.get("/readyz").status_code == 200


def test_sqlite_and_the_embedded_mode_have_no_roles(client, settings):
    if connection.vendor == "sqlite":
        assert ownership.findings() == []
    settings.EMBEDDED = True
    assert ownership.trouble() == ""
    assert deployment_errors() == []
    assert client.get("/readyz").status_code == 200
