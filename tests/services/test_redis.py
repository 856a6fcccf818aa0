"""The broker of production: a message goes through Redis, and a worker does what it says."""

import threading
import uuid

import pytest
from celery.contrib.testing.worker import start_worker
from celery.signals import task_postrun
from django.conf import settings

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.requests.tasks import accept_paid_requests
from sbk_portal.celery import app
from tests.factories.cards import make_request

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not settings.REDIS_URL, reason="needs Redis: set REDIS_URL=redis://…"),
]


@pytest.fixture
def queue():
    """A queue of this test's own: the Redis may be shared."""
    name = f"test-{uuid.uuid4().hex}"
    yield name
    with app.connection_for_write() as connection:
        connection.default_channel.queue_delete(name)


def waiting(queue):
    with app.connection_for_read() as connection:
        return connection.default_channel.client.llen(queue)


@pytest.fixture
def finished():
    """An event that is set when a worker has finished a task."""
    event = threading.Event()

    def note(**_):
        event.set()

    task_postrun.connect(note)
    yield event
    task_postrun.disconnect(note)


def test_a_task_waits_in_redis_until_a_worker_takes_it(queue, finished):
    card_request = make_request(RequestStatus.PAID)
    accept_paid_requests.apply_async(queue=queue)
    assert waiting(queue) == 1
    assert CardRequest.objects.get().status == RequestStatus.PAID

    with start_worker(app, queues=[queue], perform_ping_check=False):
        assert finished.wait(timeout=20)
    assert CardRequest.objects.get().status == RequestStatus.ACCEPTED
    assert card_request.events.filter(action=RequestAction.ACCEPT).count() == 1
    assert waiting(queue) == 0
