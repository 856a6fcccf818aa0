"""The adapter for 支付宝, against keys of our own and answers as they are documented."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from apps.gateways import rsa2, wire
from apps.gateways.alipay import AlipayGateway
from apps.gateways.answers import read_answer
from apps.gateways.port import GatewayOrder, GatewayUnavailable, NotVerified, TradeState
from tests.gateways.test_rsa2 import new_key, pem

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ORDER = GatewayOrder(
    reference="ORDER1",
    subject="社会保障卡申领费用",
    amount_fen=1000,
    expires_at=datetime(2026, 11, 24, 2, 0, tzinfo=UTC),
    notify_url="https://portal.example/payments/notify/alipay/",
    return_url="https://portal.example/orders/ORDER1/result/",
)


@pytest.fixture(scope="module")
def platform_key():
    return pem(new_key())


@pytest.fixture
def gateway(settings, platform_key):
    settings.ALIPAY_APP_ID = "2021000000000000"
    settings.ALIPAY_SELLER_ID = "2088000000000000"
    settings.ALIPAY_PUBLIC_KEY = rsa2.public_part(platform_key)
    return AlipayGateway()


class Platform:
    """Answers the questions one after the other, with the platform's signature."""

    def __init__(self, key):
        self.key = key
        self.answers = []
        self.questions = []

    def post_form(self, url, fields):
        self.questions.append(fields)
        name = f"{fields['method'].replace('.', '_')}_response"
        text = json.dumps(self.answers.pop(0), ensure_ascii=False)
        return f'{{"{name}":{text},"sign":"{rsa2.sign(text, self.key)}"}}'


@pytest.fixture
def platform(monkeypatch, platform_key):
    platform = Platform(platform_key)
    monkeypatch.setattr(wire, "post_form", platform.post_form)
    return platform


def signed(fields, key):
    text = rsa2.canonical(fields, without=("sign", "sign_type"))
    return fields | {"sign": rsa2.sign(text, key)}


PAID = {
    "app_id": "2021000000000000",
    "seller_id": "2088000000000000",
    "out_trade_no": "ORDER1",
    "trade_no": "2026112322001456380542497258",
    "trade_status": "TRADE_SUCCESS",
    "total_amount": "10.00",
    "gmt_payment": "2026-11-23 10:38:02",
    "fund_bill_list": '[{"amount":"10.00","fundChannel":"PCREDIT"}]',
    "sign_type": "RSA2",
}


@pytest.mark.parametrize(
    ("is_mobile", "method", "product"),
    [
        (False, "alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY"),
        (True, "alipay.trade.wap.pay", "QUICK_WAP_WAY"),
    ],
)
def test_the_address_of_the_cashier_carries_a_signed_order(
    gateway, settings, is_mobile, method, product
):
    url = gateway.pay_url(ORDER, is_mobile=is_mobile, at=AT)
    fields = dict(parse_qsl(urlsplit(url).query))
    assert url.startswith("https://openapi.alipay.com/gateway.do?")
    assert fields["method"] == method
    assert fields["timestamp"] == "2026-11-23 10:00:00"
    assert json.loads(fields["biz_content"]) == {
        "out_trade_no": "ORDER1",
        "total_amount": "10.00",
        "subject": "社会保障卡申领费用",
        "product_code": product,
        "time_expire": "2026-11-24 10:00:00",
    }
    ours = rsa2.public_part(settings.PORTAL_PAYMENT_KEY)
    assert rsa2.is_signed(rsa2.canonical(fields), fields["sign"], ours)


def test_a_true_notification_is_read(gateway, platform_key):
    report = gateway.read_notification(signed(PAID, platform_key))
    assert (report.reference, report.state, report.amount_fen) == ("ORDER1", TradeState.PAID, 1000)
    assert report.paid_at == datetime(2026, 11, 23, 2, 38, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "change",
    [
        {"app_id": "2021000000000001"},
        {"seller_id": "2088000000000001"},
        {"total_amount": "-10.00"},
        {"total_amount": "１０.00"},
        {"total_amount": "10.005"},
        {"trade_no": "x" * 65},
        {"trade_status": "TRADE_FAILED"},  # a word of the sandbox only
        {"gmt_payment": "yesterday"},
    ],
)
def test_a_signed_notification_that_is_not_for_us_or_makes_no_sense_is_refused(
    gateway, platform_key, change
):
    with pytest.raises(NotVerified):
        gateway.read_notification(signed(PAID | change, platform_key))


def test_the_answer_to_a_query_is_verified_and_read(gateway, platform):
    platform.answers = [
        {
            "code": "10000",
            "msg": "Success",
            "out_trade_no": "ORDER1",
            "trade_no": "2026112322001456380542497258",
            "trade_status": "TRADE_FINISHED",
            "total_amount": "10.00",
            "send_pay_date": "2026-11-23 10:38:02",
            "buyer_logon_id": "张***@example.com",
        }
    ]
    report = gateway.query("ORDER1", at=AT)
    assert (report.state, report.amount_fen) == (TradeState.PAID, 1000)


def test_an_order_that_never_arrived_is_unknown(gateway, platform):
    platform.answers = [{"code": "40004", "sub_code": "ACQ.TRADE_NOT_EXIST"}]
    assert gateway.query("ORDER1", at=AT).state is TradeState.UNKNOWN


@pytest.mark.parametrize(
    "answer",
    [
        {"code": "20000", "sub_code": "aop.unknow-error"},
        {
            "code": "10000",
            "out_trade_no": "ORDER2",
            "trade_status": "TRADE_SUCCESS",
            "total_amount": "10.00",
        },
        {"code": "10000", "out_trade_no": "ORDER1", "trade_status": "?", "total_amount": "10.00"},
    ],
)
def test_any_other_answer_says_nothing(gateway, platform, answer):
    platform.answers = [answer]
    with pytest.raises(GatewayUnavailable):
        gateway.query("ORDER1", at=AT)


def test_an_answer_that_was_changed_on_its_way_says_nothing(gateway, platform, monkeypatch):
    platform.answers = [
        {
            "code": "10000",
            "out_trade_no": "ORDER1",
            "trade_status": "WAIT_BUYER_PAY",
            "total_amount": "10.00",
        }
    ]

    def changed(url, fields):
        return platform.post_form(url, fields).replace("WAIT_BUYER_PAY", "TRADE_SUCCESS")

    monkeypatch.setattr(wire, "post_form", changed)
    with pytest.raises(GatewayUnavailable):
        gateway.query("ORDER1", at=AT)


PAID_THERE = {
    "code": "10000",
    "out_trade_no": "ORDER1",
    "trade_no": "T1",
    "trade_status": "TRADE_SUCCESS",
    "total_amount": "10.00",
}
BETWEEN = (AT, AT + timedelta(hours=2))


def _bill(*rows):
    return {"code": "10000", "detail_list": list(rows)}


@pytest.mark.parametrize(
    ("bill", "refunded_fen"),
    [
        (
            {"code": "10000", "detail_list": [{"alipay_order_no": "T1", "refund_amount": "2.5"}]},
            250,
        ),
        ({"code": "10000", "detail_list": [{"alipay_order_no": "T2", "refund_amount": "2.5"}]}, 0),
        ({"code": "10000", "detail_list": [{"alipay_order_no": "T1"}]}, 0),
        ({"code": "10000"}, 0),
        ({"code": "10000", "detail_list": "?"}, 0),
        ({"code": "10000", "detail_list": [{"alipay_order_no": "T1", "refund_amount": "?"}]}, 0),
        ({"code": "40006", "sub_code": "isv.insufficient-isv-permissions"}, 0),
    ],
)
def test_the_bill_tells_what_went_back_in_part(gateway, platform, bill, refunded_fen):
    platform.answers = [PAID_THERE, bill]
    report = gateway.query_paid("ORDER1", between=BETWEEN, at=AT)
    assert (report.state, report.refunded_fen) == (TradeState.PAID, refunded_fen)
    asked = json.loads(platform.questions[1]["biz_content"])
    assert asked == {
        "merchant_order_no": "ORDER1",
        "start_time": "2026-11-23 09:00:00",
        "end_time": "2026-11-23 13:00:00",
    }


def test_a_refund_that_moved_money_is_done(gateway, platform):
    platform.answers = [{"code": "10000", "fund_change": "Y"}]
    assert gateway.refund("ORDER1", amount_fen=1000, reason="x", at=AT)
    asked = json.loads(platform.questions[0]["biz_content"])
    assert (asked["refund_amount"], asked["out_request_no"]) == ("10.00", "ORDER1")


@pytest.mark.parametrize(("status", "is_done"), [("REFUND_SUCCESS", True), (None, False)])
def test_a_refund_that_moved_nothing_is_asked_about(gateway, platform, status, is_done):
    answer = {"code": "10000"} | ({"refund_status": status} if status else {})
    platform.answers = [{"code": "10000", "fund_change": "N"}, answer]
    assert gateway.refund("ORDER1", amount_fen=1000, reason="x", at=AT) is is_done


def test_a_close_that_is_refused_asks_what_became_of_the_order(gateway, platform):
    platform.answers = [
        {"code": "40004", "sub_code": "ACQ.TRADE_STATUS_ERROR"},
        PAID_THERE,
    ]
    assert gateway.close("ORDER1", at=AT).state is TradeState.PAID


@pytest.mark.parametrize(
    "body",
    [
        '{"alipay_trade_query_response":{"a": "1, \\"sign\\""},"sign":"S"}',
        '{"sign":"S","alipay_trade_query_response":{"a": "1, \\"sign\\""}}',
        '{ "alipay_trade_query_response" : {"a": "1, \\"sign\\""} , "sign" : "S" }',
    ],
)
def test_the_signed_text_of_an_answer_is_the_object_exactly_as_it_stands(body):
    answer, text, sign = read_answer(body, "alipay_trade_query_response")
    assert text == '{"a": "1, \\"sign\\""}'
    assert (answer["a"], sign) == ('1, "sign"', "S")


@pytest.mark.parametrize(
    "body", ["", "[]", "<html>", '{"sign":"S"}', '{"alipay_trade_query_response":[],"sign":"S"}']
)
def test_what_is_no_answer_is_refused(body):
    with pytest.raises(ValueError):  # noqa: PT011
        read_answer(body, "alipay_trade_query_response")
