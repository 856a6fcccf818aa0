"""Certificate mode, and a second hand for all signatures: the library that most shops use."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from alipay import AliPay, DCAliPay
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from apps.gateways import certificates, rsa2, wire
from apps.gateways.alipay import AlipayGateway
from apps.gateways.port import GatewayUnavailable, TradeState
from tests.gateways.test_alipay import AT, ORDER
from tests.gateways.test_rsa2 import new_key, pem

APP = "2021000000000000"
PAID = {
    "code": "10000",
    "out_trade_no": "ORDER1",
    "trade_no": "2026112322001",
    "trade_status": "TRADE_SUCCESS",
    "total_amount": "10.00",
    "send_pay_date": "2026-11-23 10:01:00",
}


def name(common, *, whole=True):
    parts = [(NameOID.COUNTRY_NAME, "CN"), (NameOID.ORGANIZATION_NAME, "Ant Financial")]
    parts += [(NameOID.ORGANIZATIONAL_UNIT_NAME, "Certification")] if whole else []
    return x509.Name(
        x509.NameAttribute(oid, value) for oid, value in [*parts, (NameOID.COMMON_NAME, common)]
    )


def issue(subject, key, *, issuer, issuer_key):
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2031, 1, 1, tzinfo=UTC))
        .sign(issuer_key, hashes.SHA256())
    )


def text(*found):
    return "\n".join(one.public_bytes(serialization.Encoding.PEM).decode() for one in found)


class Authority:
    """A root, an authority below it, and the certificates of the platform and of our shop."""

    def __init__(self, *, whole=True):
        root_name, ca_name = name("Root", whole=whole), name("CA", whole=whole)
        root_key, ca_key = new_key(), new_key()
        self.platform_key, self.app_key = new_key(), new_key()
        root = issue(root_name, root_key, issuer=root_name, issuer_key=root_key)
        middle = issue(ca_name, ca_key, issuer=root_name, issuer_key=root_key)
        platform = issue(name("alipay"), self.platform_key, issuer=ca_name, issuer_key=ca_key)
        app = issue(name("shop"), self.app_key, issuer=ca_name, issuer_key=ca_key)
        self.root, self.platform, self.app = text(root), text(platform, middle), text(app)
        self.without_middle = text(platform)


@pytest.fixture(scope="module", params=[True, False], ids=["whole name", "name without OU"])
def authority(request):
    return Authority(whole=request.param)


@pytest.fixture
def gateway(settings, authority):
    settings.ALIPAY_APP_ID, settings.ALIPAY_SELLER_ID = APP, "2088000000000000"
    settings.PORTAL_PAYMENT_KEY = pem(authority.app_key)
    settings.ALIPAY_CERT, settings.ALIPAY_ROOT_CERT = authority.platform, authority.root
    settings.ALIPAY_APP_CERT = authority.app
    return AlipayGateway()


@pytest.fixture
def peer(authority):
    return DCAliPay(
        appid=APP,
        app_private_key_string=pem(authority.app_key),
        app_public_key_cert_string=authority.app,
        alipay_public_key_cert_string=authority.platform,
        alipay_root_cert_string=authority.root,
    )


def test_the_serial_numbers_are_those_of_the_other_library(gateway, peer):
    assert gateway.serials == {
        "app_cert_sn": peer.app_cert_sn,
        "alipay_root_cert_sn": peer.alipay_root_cert_sn,
    }


def test_the_other_library_takes_the_signature_of_a_payment(gateway, authority):
    fields = dict(parse_qsl(urlsplit(gateway.pay_url(ORDER, is_mobile=True, at=AT)).query))
    assert fields["app_cert_sn"] == gateway.serials["app_cert_sn"]
    reader = AliPay(
        appid=APP,
        app_notify_url=None,
        app_private_key_string=pem(authority.app_key),
        alipay_public_key_string=rsa2.public_part(pem(authority.app_key)),
        sign_type="RSA2",
    )
    signature = fields.pop("sign")
    # Requests are signed with the type of the signature among the fields.
    assert reader._verify(rsa2.canonical(fields), signature)


def test_a_notification_that_the_other_library_signs_is_taken(gateway, authority, peer):
    fields = {
        "app_id": APP,
        "seller_id": "2088000000000000",
        "out_trade_no": "ORDER1",
        "trade_no": "2026112322001",
        "trade_status": "TRADE_SUCCESS",
        "total_amount": "10.00",
        "gmt_payment": "2026-11-23 10:01:00",
    }
    platform = AliPay(
        appid=APP,
        app_notify_url=None,
        app_private_key_string=pem(authority.platform_key),
        alipay_public_key_string=rsa2.public_part(pem(authority.platform_key)),
        sign_type="RSA2",
    )
    fields["sign"] = platform._sign(rsa2.canonical(fields))
    report = gateway.read_notification(fields | {"sign_type": "RSA2"})
    assert (report.state, report.amount_fen) == (TradeState.PAID, 1000)
    assert report.paid_at - AT == timedelta(minutes=1)


def answering(monkeypatch, authority, **more):
    def post_form(url, fields):
        body = json.dumps(PAID)
        signature = rsa2.sign(body, pem(authority.platform_key))
        whole = f'{{"alipay_trade_query_response":{body},"sign":"{signature}"'
        return whole + "".join(f',"{key}":"{value}"' for key, value in more.items()) + "}"

    monkeypatch.setattr(wire, "post_form", post_form)


def test_an_answer_names_the_certificate_that_we_have(gateway, authority, monkeypatch):
    answering(monkeypatch, authority, alipay_cert_sn=certificates.serial(authority.platform))
    assert gateway.query("ORDER1", at=AT).state is TradeState.PAID


def test_an_answer_with_another_certificate_asks_to_renew_ours(gateway, authority, monkeypatch):
    answering(monkeypatch, authority, alipay_cert_sn="0" * 32)
    with pytest.raises(GatewayUnavailable, match="renew ALIPAY_CERT"):
        gateway.query("ORDER1", at=AT)


def test_a_platform_that_no_root_vouches_for_is_not_believed(settings, gateway, authority):
    settings.ALIPAY_CERT = authority.without_middle
    with pytest.raises(ValueError, match="root"):
        AlipayGateway()
    settings.ALIPAY_CERT, settings.ALIPAY_ROOT_CERT = authority.platform, Authority().root
    with pytest.raises(ValueError, match="root"):
        AlipayGateway()
