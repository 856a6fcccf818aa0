import pytest

from tests.factories.people import make_user


@pytest.fixture
def hr():
    return make_user("HR1", is_staff=True)
