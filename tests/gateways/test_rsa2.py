"""Signing as the gateway documents it."""

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from apps.gateways import rsa2

# The example of Alipay's page on signing by oneself.
DOCUMENTED_FIELDS = {
    "version": "1.0",
    "timestamp": "2014-07-24 03:07:50",
    "sign_type": "RSA2",
    "method": "alipay.mobile.public.menu.add",
    "charset": "GBK",
    "biz_content": '{"button":[{"actionParam":"ZFB_HFCZ","actionType":"out","name":"话费充值"}]}',
    "app_id": "2014072300007148",
}
DOCUMENTED_TEXT = (
    "app_id=2014072300007148"
    '&biz_content={"button":[{"actionParam":"ZFB_HFCZ","actionType":"out","name":"话费充值"}]}'
    "&charset=GBK&method=alipay.mobile.public.menu.add&sign_type=RSA2"
    "&timestamp=2014-07-24 03:07:50&version=1.0"
)


def new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key):
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


@pytest.fixture(scope="module")
def private():
    return pem(new_key())


@pytest.fixture(scope="module")
def public(private):
    return rsa2.public_part(private)


def test_the_signed_text_of_a_request_is_the_documented_one():
    assert rsa2.canonical(DOCUMENTED_FIELDS) == DOCUMENTED_TEXT
    assert rsa2.canonical(DOCUMENTED_FIELDS | {"sign": "x", "notify_url": ""}) == DOCUMENTED_TEXT


def test_the_signed_text_of_a_notification_leaves_out_the_kind_of_signature():
    fields = {
        "trade_status": "TRADE_SUCCESS",
        "out_trade_no": "TEST171",
        "fund_bill_list": '[{"amount":"0.01","fundChannel":"PCREDIT"}]',
        "body": "",
        "sign": "zs+snU7B",
        "sign_type": "RSA2",
        "app_id": "2021001144680325",
    }
    assert rsa2.canonical(fields, without=("sign", "sign_type")) == (
        'app_id=2021001144680325&fund_bill_list=[{"amount":"0.01","fundChannel":"PCREDIT"}]'
        "&out_trade_no=TEST171&trade_status=TRADE_SUCCESS"
    )


def test_what_one_key_signs_its_public_part_recognises(private, public):
    assert rsa2.is_signed("金额=10.00", rsa2.sign("金额=10.00", private), public)


def test_another_text_another_key_and_a_broken_signature_are_not_signed(private, public):
    signature = rsa2.sign("amount=10.00", private)
    assert not rsa2.is_signed("amount=1.00", signature, public)
    assert not rsa2.is_signed("amount=10.00", signature, rsa2.public_part(pem(new_key())))
    assert not rsa2.is_signed("amount=10.00", signature[:-4] + "AAAA", public)


@pytest.mark.parametrize("signature", ["", "not base64!", "AAAA", None, 7])
def test_no_signature_at_all_is_not_signed_and_raises_nothing(public, signature):
    assert rsa2.is_signed("amount=10.00", signature, public) is False


def test_an_unusable_public_key_proves_nothing(private):
    signature = rsa2.sign("a=1", private)
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    other = curve.public_bytes(serialization.Encoding.PEM, spki).decode()
    for key in ("", "-----BEGIN nonsense", "AAAA", other):
        assert rsa2.is_signed("a=1", signature, key) is False


def test_keys_may_be_the_bare_base64_that_the_key_tool_shows(private, public):
    def bare(text):
        return "".join(line for line in text.splitlines() if not line.startswith("-----"))

    base64.b64decode(bare(private), validate=True)
    assert rsa2.is_signed("a=1", rsa2.sign("a=1", bare(private)), bare(public))
