import pytest

from apps.desk import roles
from tests.factories.people import make_colleague
from tests.factories.regions import let_the_unit_collect


@pytest.fixture(autouse=True)
def offered(db):
    let_the_unit_collect()


@pytest.fixture
def handler():
    return make_colleague(roles.HANDER)


@pytest.fixture
def desk(client, handler):
    client.force_login(handler)
    return client
