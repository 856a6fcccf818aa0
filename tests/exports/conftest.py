import pytest

from apps.desk import roles
from tests.factories.people import make_colleague, make_reviewer


@pytest.fixture
def reviewer():
    return make_reviewer()


@pytest.fixture
def supervisor():
    return make_colleague(roles.SUPERVISOR)
