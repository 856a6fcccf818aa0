"""SMS through Alibaba Cloud: the provider's own example of a signature, and its answers."""

import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import pytest

from apps.common.messaging import SendFailed, SmsKind, WrongPhone, send_sms
from apps.notices.senders.alibaba_sms import signed_headers

KEY_ID, SECRET, PHONE = "an-id", "a-secret", "13800138000"
KEPT = ["x-acs-action", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"]


def test_the_signature_is_the_one_in_the_provider_s_example():
    headers = signed_headers(
        host="ecs.cn-shanghai.aliyuncs.com",
        action="RunInstances",
        version="2014-05-26",
        query={
            "RegionId": "cn-shanghai",
            "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
        },
        key_id="YourAccessKeyId",
        secret="YourAccessKeySecret",
        at=datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
        nonce="3156853299f313e23d1673dc12e1703d",
    )
    assert headers["Authorization"] == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;"
        "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


class Provider(BaseHTTPRequestHandler):
    """Checks the signature over what has arrived, then answers as it was told."""

    def do_POST(self):
        query = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        action, date, nonce, version = (self.headers[name] for name in KEPT)
        expected = signed_headers(
            host=self.headers["host"],
            action=action,
            version=version,
            query=query,
            key_id=KEY_ID,
            secret=SECRET,
            at=datetime.strptime(date, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC),
            nonce=nonce,
        )
        is_signed = self.headers["Authorization"] == expected["Authorization"]
        self.server.calls.append(query)
        body = self.server.answer if is_signed else {"Code": "SignatureDoesNotMatch"}
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


@pytest.fixture
def provider(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    server.calls, server.answer = [], {"Code": "OK", "Message": "OK", "BizId": "1"}
    settings.SMS_SENDER = "apps.notices.senders.alibaba_sms.AlibabaSms"
    settings.ALIBABA_SMS_URL = f"http://127.0.0.1:{server.server_port}/"
    settings.ALIBABA_KEY_ID, settings.ALIBABA_KEY_SECRET = KEY_ID, SECRET
    settings.ALIBABA_SMS_SIGN = "社保卡 自助*~办理"
    settings.ALIBABA_SMS_TEMPLATES = {"code": "SMS_1", "notice": "SMS_2"}
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_code_is_sent_as_the_part_of_its_template(provider):
    send_sms(phone=PHONE, text="验证码 123456", kind=SmsKind.CODE, parts={"code": "123456"})
    (call,) = provider.calls
    assert call == {
        "PhoneNumbers": PHONE,
        "SignName": "社保卡 自助*~办理",
        "TemplateCode": "SMS_1",
        "TemplateParam": '{"code": "123456"}',
    }


def test_the_text_of_a_message_stays_in_the_portal(provider):
    send_sms(phone=PHONE, text="您的社保卡已经制好。")
    (call,) = provider.calls
    assert (call["TemplateCode"], call["TemplateParam"]) == ("SMS_2", "{}")


@pytest.mark.parametrize("answer", [{"Code": "isv.BUSINESS_LIMIT_CONTROL"}, {}, b"", b"[]"])
def test_any_answer_but_ok_is_a_failure(provider, answer):
    provider.answer = answer
    with pytest.raises(SendFailed, match="Alibaba Cloud") as failure:
        send_sms(phone=PHONE, text="您的社保卡已经制好。")
    assert PHONE not in str(failure.value)


def test_a_number_that_is_none_is_refused_for_good(provider):
    provider.answer = {"Code": "isv.MOBILE_NUMBER_ILLEGAL"}
    with pytest.raises(WrongPhone):
        send_sms(phone=PHONE, text="您的社保卡已经制好。")
    provider.answer = {"Code": "isv.BUSINESS_LIMIT_CONTROL"}
    with pytest.raises(SendFailed) as failure:
        send_sms(phone=PHONE, text="您的社保卡已经制好。")
    assert not isinstance(failure.value, WrongPhone), "another try may succeed"


def test_a_wrong_secret_is_refused(provider, settings):
    settings.ALIBABA_KEY_SECRET = "another"
    with pytest.raises(SendFailed, match="SignatureDoesNotMatch"):
        send_sms(phone=PHONE, text="您的社保卡已经制好。")


def test_a_kind_without_a_template_is_said_before_anything_is_sent(provider):
    with pytest.raises(SendFailed, match="invitation"):
        send_sms(phone=PHONE, text="…", kind=SmsKind.INVITATION, parts={"token": "t"})
    assert provider.calls == []
