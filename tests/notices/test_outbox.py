"""The outbox of a demonstration: what the local senders kept."""

import pytest
from django.db import connection
from django.urls import reverse

from apps.common.messaging import send_sms
from apps.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db

OUTBOX = reverse("notices:outbox")


@pytest.fixture(autouse=True)
def _outbox(settings):
    settings.SMS_SENDER = "apps.notices.senders.outbox.OutboxSms"


def test_the_outbox_of_a_demonstration_shows_text_and_masked_recipient(client, settings):
    settings.DEMO = True
    send_sms(phone="13800138000", text="验证码 123456，5分钟内有效。")
    send_sms(phone="13900139000", text="第一行\n第二行")
    page = client.get(OUTBOX).content.decode()
    assert "138****8000" in page
    assert "验证码 123456" in page
    assert "第一行<br>第二行" in page
    assert "13800138000" not in page
    assert page.index("第一行") < page.index("验证码 123456")


@pytest.mark.parametrize(
    ("is_demo", "sender", "status"),
    [
        (True, "apps.notices.senders.outbox.OutboxSms", 200),
        (False, "apps.notices.senders.outbox.OutboxSms", 404),
        (True, "apps.notices.senders.http_sms.HttpSms", 404),
    ],
)
def test_the_outbox_exists_in_a_demonstration_with_the_local_sender_only(
    client, settings, is_demo, sender, status
):
    settings.DEMO, settings.SMS_SENDER = is_demo, sender
    assert client.get(OUTBOX).status_code == status


def test_what_the_outbox_keeps_is_unreadable_in_the_database(client):
    send_sms(phone="13800138000", text="验证码 123456")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT recipient, text FROM {OutboxMessage._meta.db_table}")  # noqa: S608
        [(recipient, text)] = cursor.fetchall()
    assert "13800138000" not in recipient
    assert "123456" not in text
