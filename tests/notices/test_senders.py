"""The adapters of the message port, each against the real thing on the other side."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from apps.common.messaging import SendFailed, WrongPhone, send_sms
from apps.notices.models import OutboxMessage
from apps.notices.senders.http_sms import signature

KEY = "a-shared-key"
PHONE, TEXT = "13800138000", "制卡成功：您的社保卡已经制好。"


class Gateway(BaseHTTPRequestHandler):
    """Checks the signature as the gateway's operator would, then answers as it was told."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        expected = signature(
            key=KEY,
            timestamp=self.headers["X-Timestamp"],
            nonce=self.headers["X-Nonce"],
            body=body,
        )
        is_signed = self.headers["X-Signature"] == expected
        self.server.calls.append((self.path, is_signed, json.loads(body)))
        time.sleep(self.server.pause)
        self.send_response(self.server.answer if is_signed else 401)
        if self.server.answer == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *args):
        pass


@pytest.fixture
def gateway(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    server.calls, server.answer, server.pause = [], 200, 0
    settings.SMS_SENDER = "apps.notices.senders.http_sms.HttpSms"
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{server.server_port}/send"
    settings.SMS_GATEWAY_KEY = KEY
    settings.SMS_GATEWAY_TIMEOUT = 2
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_the_gateway_gets_phone_and_text_with_a_signature_it_can_verify(gateway):
    send_sms(phone=PHONE, text=TEXT)
    assert gateway.calls == [("/send", True, {"phone": PHONE, "text": TEXT})]


def test_a_wrong_key_is_refused_by_the_gateway_and_said_without_the_phone(gateway, settings):
    settings.SMS_GATEWAY_KEY = "another-key"
    with pytest.raises(SendFailed, match="answered 401") as failure:
        send_sms(phone=PHONE, text=TEXT)
    assert PHONE not in str(failure.value)


@pytest.mark.parametrize("answer", [400, 500, 503])
def test_any_answer_but_yes_is_a_failure(gateway, answer):
    gateway.answer = answer
    with pytest.raises(SendFailed, match=f"answered {answer}"):
        send_sms(phone=PHONE, text=TEXT)


@pytest.mark.parametrize(("answer", "is_final"), [(422, True), (400, False), (503, False)])
def test_a_number_that_is_wrong_is_told_from_a_failure(gateway, answer, is_final):
    gateway.answer = answer
    with pytest.raises(SendFailed) as failure:
        send_sms(phone=PHONE, text=TEXT)
    assert isinstance(failure.value, WrongPhone) is is_final


def test_a_redirect_is_not_followed(gateway):
    gateway.answer = 302
    with pytest.raises(SendFailed, match="answered 302"):
        send_sms(phone=PHONE, text=TEXT)
    assert len(gateway.calls) == 1


def test_a_gateway_that_does_not_answer_in_time_is_a_failure(gateway, settings):
    gateway.pause = 1
    settings.SMS_GATEWAY_TIMEOUT = 0.2
    with pytest.raises(SendFailed, match="Timeout"):
        send_sms(phone=PHONE, text=TEXT)


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "http://127.0.0.1:1/send"])
def test_a_gateway_that_cannot_be_reached_is_a_failure(settings, url):
    settings.SMS_SENDER = "apps.notices.senders.http_sms.HttpSms"
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY = url, KEY
    with pytest.raises(SendFailed):
        send_sms(phone=PHONE, text=TEXT)


def test_the_same_text_with_another_nonce_has_another_signature():
    parts = {"key": KEY, "timestamp": "1", "body": b"{}"}
    assert signature(nonce="a", **parts) != signature(nonce="b", **parts)


@pytest.mark.django_db
def test_the_outbox_keeps_an_sms(settings):
    settings.SMS_SENDER = "apps.notices.senders.outbox.OutboxSms"
    send_sms(phone=PHONE, text=TEXT)
    message = OutboxMessage.objects.get()
    assert (message.recipient, message.text) == (PHONE, TEXT)


@pytest.mark.django_db
@pytest.mark.parametrize(("is_demo", "lines"), [(True, 1), (False, 0)])
def test_the_log_shows_a_message_in_a_demonstration_only(settings, caplog, is_demo, lines):
    caplog.set_level("INFO")
    settings.SMS_SENDER = "apps.notices.senders.outbox.OutboxSms"
    settings.DEMO = is_demo
    send_sms(phone=PHONE, text=TEXT)
    assert caplog.text.count(TEXT) == lines
    assert PHONE not in caplog.text
