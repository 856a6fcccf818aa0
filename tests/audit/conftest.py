import pytest

from apps.desk import roles
from tests.factories.people import make_colleague, make_holder


@pytest.fixture
def auditor(client):
    client.force_login(make_holder(name="钱审计", user=make_colleague(roles.AUDITOR)).user)
    return client
