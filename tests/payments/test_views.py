"""The payer's pages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.delivery.enums import DeliveryMethod
from apps.payments import services, settlement
from apps.payments.enums import PaymentStatus
from apps.payments.models import Payment
from apps.payments.views import POLL_AFTER
from tests.factories.cards import accept, make_request
from tests.factories.payments import (
    confirm,
    make_paid,
    make_payable,
    make_payment,
    make_shipment,
    start,
)
from tests.factories.people import make_holder
from tests.factories.regions import make_city
from tests.shown import send

pytestmark = pytest.mark.django_db

HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def card_request(client, now):
    """A payable request whose applicant is signed in."""
    card_request = make_payable(at=now - timedelta(hours=1))
    client.force_login(card_request.applicant)
    return card_request


def pay_url(card_request):
    return reverse("payments:pay", args=[card_request.reference])


def result_url(payment):
    return reverse("payments:return", args=[payment.reference])


def test_the_page_says_what_is_paid_for_and_that_it_is_final(client, card_request):
    page = client.get(pay_url(card_request)).content.decode()
    assert "邮寄费（同城）" in page
    assert "首次申领免费" in page
    assert "支付成功后不能撤销申请" in page
    assert "支付 10.00 元" in page


def test_the_page_shows_no_full_name_phone_or_address(client, card_request):
    page = client.get(pay_url(card_request)).content.decode()
    for personal in ("张超", "13800138000", "共青团西路88号"):
        assert personal not in page


def test_paying_leads_to_the_cashier_and_back_in_again_to_the_same_order(client, card_request):
    for _ in range(2):
        response = send(client, pay_url(card_request))
        assert response["Location"].startswith("/cashier/gateway.do?")
    assert Payment.objects.get().status == PaymentStatus.PENDING


def test_a_get_starts_nothing(client, card_request):
    client.get(pay_url(card_request))
    assert not Payment.objects.exists()


def test_without_an_address_the_page_asks_for_one(client, now):
    card_request = make_request(RequestStatus.SUBMITTED, at=now - timedelta(hours=1))
    client.force_login(card_request.applicant)
    assert "还没有填写收件信息" in client.get(pay_url(card_request)).content.decode()
    assert send(client, pay_url(card_request)).status_code == 200
    assert not Payment.objects.exists()


def test_a_pickup_is_confirmed_without_a_payment(client, card_request):
    make_shipment(card_request, method=DeliveryMethod.PICKUP, branch="历下支行")
    assert "确认自取，提交受理" in client.get(pay_url(card_request)).content.decode()
    send(client, pay_url(card_request))
    assert CardRequest.objects.get().status == RequestStatus.PAID
    assert not Payment.objects.exists()


def test_a_silent_gateway_is_said_in_words(client, card_request, line, now):
    start(card_request, at=now)
    make_shipment(card_request, city=make_city("370300", "淄博市"))
    line.is_cut = True
    response = send(client, pay_url(card_request), follow=True)
    assert "支付平台暂时没有回应" in response.content.decode()


def test_a_paid_request_leads_to_its_order(client, card_request, now):
    payment = make_payment(card_request=card_request, at=now)
    confirm(payment, at=now)
    response = client.get(pay_url(card_request))
    assert response["Location"] == reverse("payments:detail", args=[payment.reference])


def test_only_the_page_that_leads_to_alipay_may_send_a_form_there(client, card_request, settings):
    assert "alipay" not in client.get(pay_url(card_request))["Content-Security-Policy"]
    settings.PAYMENT_GATEWAY = "alipay"
    policy = client.get(pay_url(card_request))["Content-Security-Policy"]
    assert "form-action 'self' https://*.alipay.com" in policy
    assert "alipay" not in client.get(reverse("home:home"))["Content-Security-Policy"]


def test_coming_back_marks_nothing_paid(client, card_request, line, now):
    payment = make_payment(card_request=card_request, at=now)
    line.is_cut = True
    claim = {"trade_status": "TRADE_SUCCESS", "out_trade_no": payment.reference, "sign": "x"}
    page = client.get(result_url(payment), claim).content.decode()
    assert "正在确认支付结果" in page
    assert Payment.objects.get().status == PaymentStatus.PENDING


def test_coming_back_hastens_the_question_to_the_gateway(client, card_request, now, at_cashier):
    payment, url = start(card_request, at=now)
    cashier = at_cashier(url)
    client.post(cashier, {"outcome": "TRADE_SUCCESS", "delay_seconds": "60"})
    page = client.get(result_url(payment), follow=True).content.decode()
    assert Payment.objects.get().status == PaymentStatus.PAID
    again = client.get(result_url(payment)).content.decode()
    assert "支付成功" in again
    assert "正在确认支付结果" in page


def test_who_gave_up_is_offered_to_go_on(client, card_request, now, at_cashier):
    payment, url = start(card_request, at=now)
    at_cashier(url)
    client.get(result_url(payment))
    page = client.get(result_url(payment)).content.decode()
    assert "支付平台还没有报告到账" in page
    assert pay_url(card_request) in page


def test_who_gives_up_at_the_cashier_reads_at_once_that_nothing_is_paid(
    client, card_request, at_cashier, line
):
    url = send(client, pay_url(card_request))["Location"]
    cashier = at_cashier(f"http://testserver{url}")
    line.is_cut = True
    page = client.post(cashier, {"outcome": "abandon", "delay_seconds": "0"}, follow=True)
    html = page.content.decode()
    assert "还没有支付" in html
    assert "正在确认" not in html
    main = html[html.index('<div class="actions">') :]
    assert main.index("继续支付") < main.index("刷新结果") < main.index("以后再付")
    assert "quit=1" in html[html.index("hx-get") :]  # the answers to the polls say the same
    payment = Payment.objects.get()
    confirm(payment, at=timezone.now())
    assert "支付成功" in client.get(result_url(payment), {"quit": "1"}).content.decode()


IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/15E148 "
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; V2309A; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 "
)
WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/107.0.0.0 Safari/537.36 "
)
WECHAT = IPHONE + "MicroMessenger/8.0.47(0x18002f2f) NetType/WIFI Language/zh_CN"


@pytest.mark.parametrize(
    ("agent", "gateway", "app"),
    [
        (WECHAT, "sandbox", "微信"),
        (WECHAT, "alipay", "微信"),
        (
            ANDROID + "MMWEBID/52 MicroMessenger/8.0.50.2701 WeChat/arm64 NetType/5G",
            "alipay",
            "微信",
        ),
        (WINDOWS + "NetType/WIFI MicroMessenger/7.0.20 WindowsWechat", "alipay", "微信"),
        (IPHONE + "wxwork/4.1.30 MicroMessenger/7.0.1 Language/zh", "alipay", "企业微信"),
        (ANDROID + "wxwork/4.1.30 MicroMessenger/7.0.1 NetType/4G", "alipay", "企业微信"),
        (WINDOWS + "wxwork/4.1.30 (MicroMessenger/6.2) WindowsWechat", "sandbox", "企业微信"),
    ],
)
def test_inside_wechat_the_page_says_how_to_go_on(
    client, card_request, settings, agent, gateway, app
):
    settings.PAYMENT_GATEWAY = gateway
    inside = {"headers": {"User-Agent": agent}}
    for page in (
        client.get(pay_url(card_request), **inside),
        client.post(pay_url(card_request), **inside),
    ):
        html = page.content.decode()
        assert f"<b>{app}里打不开支付宝" in html
        assert "在浏览器打开" in html
        assert f"{settings.PORTAL_URL}{pay_url(card_request)}<" in html
        assert 'form="pay"' not in html
        for personal in ("张超", "13800138000", "共青团西路88号"):
            assert personal not in html
    assert not Payment.objects.exists()
    assert "支付 10.00 元" in client.get(pay_url(card_request)).content.decode()


def test_inside_wechat_a_pickup_needs_no_other_browser(client, card_request):
    make_shipment(card_request, method=DeliveryMethod.PICKUP, branch="历下支行")
    page = client.get(pay_url(card_request), headers={"User-Agent": WECHAT}).content.decode()
    assert "微信" not in page
    assert "确认自取，提交受理" in page


def test_curious_reloads_ask_the_gateway_once(client, card_request, now, line):
    payment = make_payment(card_request=card_request, at=now)
    for _ in range(5):
        client.get(result_url(payment))
    assert line.methods() == ["alipay.trade.query"]


def test_the_page_polls_ever_more_slowly_and_then_stops(client, card_request, now):
    payment = make_payment(card_request=card_request, at=now)
    first = client.get(result_url(payment)).content.decode()
    assert "load delay:1s" in first
    assert f"{result_url(payment)}?n=1" in first
    late = client.get(result_url(payment), {"n": "15"}, **HTMX).content.decode()
    assert "load delay:60s" in late
    for n in (str(len(POLL_AFTER)), "999", "9" * 30, "-1", "x"):
        page = client.get(result_url(payment), {"n": n}, **HTMX)
        assert page.status_code == 200
        if n in (str(len(POLL_AFTER)), "999"):
            assert "hx-get" not in page.content.decode()
            assert "不再自动更新" in page.content.decode()


@pytest.mark.parametrize("end", ["paid", "failed", "closed", "returned"])
def test_in_a_final_state_nothing_polls(client, card_request, now, end):
    payment = make_payment(card_request=card_request, at=now)
    if end == "failed":
        settlement.fail(payment=payment, at=now)
    elif end == "closed":
        settlement.close(payment=payment, by=None, at=now)
    elif end == "returned":
        make_shipment(card_request, city=make_city("370300", "淄博市"))
        confirm(payment, at=now)
    else:
        confirm(payment, at=now)
    page = client.get(result_url(payment), **HTMX).content.decode()
    assert "hx-get" not in page
    heading = {
        "paid": "支付成功",
        "failed": "支付没有成功",
        "closed": "订单已关闭",
        "returned": "正在原路退回",
    }
    assert heading[end] in page


def test_the_page_includes_the_very_fragment(client, card_request, now):
    payment = make_payment(card_request=card_request, at=now)
    settlement.fail(payment=payment, at=now)
    page = client.get(result_url(payment)).content.decode()
    fragment = client.get(result_url(payment), **HTMX).content.decode()
    result, steps = fragment.split('<div id="steps" hx-swap-oob="true">')
    assert result.strip() in page
    assert f'<div id="steps">{steps.rstrip()}' in page
    assert "<html" not in fragment


def test_the_order_page_tells_amount_status_times_and_refund(client, card_request, now):
    payment = make_payment(card_request=card_request, at=now)
    confirm(payment, at=now)
    services.refund(payment=payment, reason="照片不是本人", by=None, at=now)
    page = client.get(reverse("payments:detail", args=[payment.reference])).content.decode()
    assert "10.00 元" in page
    assert "退款中" in page
    assert "照片不是本人" in page
    assert payment.reference in page


def test_another_person_finds_neither_request_nor_order(client, card_request, now):
    payment = make_payment(card_request=card_request, at=now)
    client.force_login(make_holder().user)
    detail = reverse("payments:detail", args=[payment.reference])
    for url in (pay_url(card_request), detail, result_url(payment)):
        assert client.get(url).status_code == 404
    assert send(client, pay_url(card_request)).status_code == 404


def test_the_result_opened_later_says_what_became_of_the_request(client):
    payment = make_paid()
    client.force_login(payment.card_request.applicant)
    address = reverse("payments:return", args=[payment.reference])
    assert "申请马上受理" in client.get(address).content.decode()
    accept(payment.card_request, at=timezone.now())
    page = client.get(address).content.decode()
    assert "这件申请现在是「审核中」" in page
    assert "申请马上受理" not in page
