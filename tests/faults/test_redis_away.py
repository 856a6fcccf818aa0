"""Redis is stopped, hangs or is full: people sign in, order and pay as before, and without delay.

Only messages go through Redis. What they would say stands in the rows, which beat looks through.
"""

import time

import pytest
from django.urls import reverse

from apps.common import nudges
from apps.payments import tasks
from sbk_portal import rules
from sbk_portal.celery import QUEUES, app
from tests.factories.payments import make_payment
from tests.factories.people import PASSWORD, make_holder
from tests.faults.redis_server import PROGRAM, own_redis

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.skipif(PROGRAM is None, reason="redis-server is not installed"),
]


@pytest.fixture
def broker(tmp_path, monkeypatch):
    """A Redis of the test's own, through which messages go."""
    monkeypatch.setattr(nudges, "_rests_until", 0.0)
    before = {name: app.conf[name] for name in ("broker_url", "broker_transport_options")}
    with own_redis(tmp_path) as server:
        app.conf.update(broker_url=server.url, broker_transport_options={})
        yield server
        app.conf.update(before)


@pytest.fixture(params=["stop", "hang", "fill"])
def broken_broker(request, broker):
    getattr(broker, request.param)()
    return broker


def seconds_of(do):
    began = time.monotonic()
    do()
    return time.monotonic() - began


def test_a_nudge_goes_through_redis(broker):
    nudges.nudge(tasks.reconcile)
    assert broker.client.llen(QUEUES[0]) == 1


def test_a_nudge_that_is_not_taken_costs_less_than_a_second_and_then_nothing(broken_broker):
    assert seconds_of(lambda: nudges.nudge(tasks.reconcile)) < 1
    assert seconds_of(lambda: nudges.nudge(tasks.reconcile)) < 0.1


def test_nudges_go_on_some_time_after_redis_is_back(broker, monkeypatch):
    broker.stop()
    monkeypatch.setattr(nudges, "REST", 0.0)
    nudges.nudge(tasks.reconcile)
    broker.start()
    nudges.nudge(tasks.reconcile)
    assert broker.client.llen(QUEUES[0]) == 1


def test_people_sign_in_and_are_locked_out_without_redis(client, broken_broker, settings):
    holder = make_holder()
    url = reverse("account_login")

    def sign_in(password):
        return client.post(url, {"login": holder.user.employee_number, "password": password})

    for _ in range(rules.PASSWORD_TRIES):
        assert sign_in("wrong-password").status_code == 200
    assert "连续输错次数过多" in sign_in(PASSWORD).content.decode()

    other = make_holder()
    began = time.monotonic()
    answer = client.post(url, {"login": other.user.employee_number, "password": PASSWORD})
    assert answer.status_code == 302
    assert time.monotonic() - began < 3


def test_the_page_after_the_cashier_answers_without_redis(client, broken_broker):
    payment = make_payment()
    client.force_login(payment.card_request.applicant)
    began = time.monotonic()
    answer = client.get(reverse("payments:return", args=[payment.reference]))
    assert answer.status_code == 200
    assert time.monotonic() - began < 3


def test_messages_of_beat_expire_before_the_next_ones():
    for name, entry in app.conf.beat_schedule.items():
        assert 0 < entry["options"]["expires"] < entry["schedule"], name
