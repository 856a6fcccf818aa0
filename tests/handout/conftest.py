import pytest

from apps.desk import roles
from tests.factories.people import make_colleague


@pytest.fixture(autouse=True)
def offered(settings):
    settings.UNIT_COLLECTS_FROM = ["370100"]


@pytest.fixture
def handler():
    return make_colleague(roles.HANDER)
