"""Two workers at once send each message once."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction

from apps.cards.enums import RequestStatus
from apps.notices import services
from apps.notices.models import Notice, NoticeCursor
from tests.factories.cards import AT, accept, make_request

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=1)


class SlowGateway:
    """So slow that two workers overlap."""

    taken = []

    def send(self, *, phone, text, **template):
        time.sleep(0.02)
        self.taken.append((phone, text))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
def test_two_workers_at_once_send_each_sms_once(settings):
    settings.SMS_SENDER = f"{__name__}.SlowGateway"
    SlowGateway.taken = []
    for _ in range(5):
        make_request(RequestStatus.PRODUCED)
    start = threading.Barrier(2)

    def work():
        start.wait()
        try:
            services.collect(at=LATER, limit=100)
            services.send_due(at=LATER, limit=100)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(SlowGateway.taken) == len(set(SlowGateway.taken)) == 10
    assert not Notice.objects.filter(sent_at=None).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_event_that_is_committed_after_younger_ones_were_told_is_told():
    late, other = (make_request(RequestStatus.PAID) for _ in range(2))
    services.collect(at=LATER, limit=100)
    is_written, may_commit = threading.Event(), threading.Event()

    def accept_slowly():
        with transaction.atomic():
            accept(late, at=LATER)
            is_written.set()
            assert may_commit.wait(30)
        connection.close()

    thread = threading.Thread(target=accept_slowly)
    thread.start()
    assert is_written.wait(30)
    accept(other, at=LATER)
    younger = other.events.latest("pk").pk
    for _ in range(3):
        services.collect(at=LATER, limit=100)
    assert Notice.objects.filter(event=younger).exists()
    assert NoticeCursor.objects.get().settled_event < younger
    may_commit.set()
    thread.join()
    assert late.events.latest("pk").pk < younger
    services.collect(at=LATER, limit=100)
    assert Notice.objects.filter(event__in=late.events.all()).exists()
