from datetime import timedelta

import pytest
from django.utils import timezone

from apps.common.moments import day_of
from apps.desk import roles
from tests.factories.people import make_colleague
from tests.factories.regions import make_city


@pytest.fixture
def today():
    return day_of(timezone.now())


@pytest.fixture
def later(today):
    return today + timedelta(days=30)


@pytest.fixture
def city(db):
    return make_city()


@pytest.fixture
def supervisor(db):
    return make_colleague(roles.SUPERVISOR)


@pytest.fixture
def boss(client, supervisor):
    client.force_login(supervisor)
    return client
