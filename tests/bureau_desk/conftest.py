from datetime import timedelta

import pytest

from apps.bureau.adapters import report_file
from apps.desk import roles
from tests.factories.people import make_colleague


@pytest.fixture(autouse=True)
def _clocks_may_differ(monkeypatch):
    """Let pages accept moments of the factories that are later than the clock of the machine."""
    monkeypatch.setattr(report_file, "_CLOCKS_DIFFER_BY", timedelta(days=3650))


@pytest.fixture
def supervisor(client, db):
    user = make_colleague(roles.SUPERVISOR)
    client.force_login(user)
    return user
