from datetime import timedelta

import pytest

from apps.bureau.adapters import report_file
from apps.desk import roles
from tests.factories.people import make_colleague


@pytest.fixture(autouse=True)
def _clocks_may_differ(monkeypatch):
    """The factories' moments may lie ahead of the machine's clock, by which the pages read."""
    monkeypatch.setattr(report_file, "_CLOCKS_DIFFER_BY", timedelta(days=3650))


@pytest.fixture
def supervisor(client, db):
    user = make_colleague(roles.SUPERVISOR)
    client.force_login(user)
    return user
