"""The outbox of the local senders is for a look, and no archive."""

from datetime import timedelta

import pytest
from django.conf import settings

from apps.notices import retention
from apps.notices.models import OutboxMessage
from apps.notices.senders.outbox import OutboxSms
from tests.factories.cards import AT

pytestmark = pytest.mark.django_db

DUE = AT + settings.OUTBOX_RETENTION
TICK = timedelta(seconds=1)


def send(count):
    for _ in range(count):
        OutboxSms().send(phone="13800138000", text="验证码 123456")
    OutboxMessage.objects.update(created_at=AT)


def test_a_message_goes_after_its_time_and_not_before():
    send(1)
    assert retention.forget_outbox(at=DUE - TICK, limit=10) == 0
    assert retention.forget_outbox(at=DUE, limit=10) == 1
    assert not OutboxMessage.objects.exists()


def test_one_run_takes_no_more_than_its_limit():
    send(3)
    assert [retention.forget_outbox(at=DUE, limit=2) for _ in range(3)] == [2, 1, 0]
