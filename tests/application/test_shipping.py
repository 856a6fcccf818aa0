"""收件信息 on the way to the payment, and taking a request back before it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestAction, RequestStatus
from apps.delivery.models import Shipment
from apps.gateways import wire
from apps.payments import services as payments
from apps.payments.models import Payment
from tests.factories.cards import make_request
from tests.factories.payments import make_addressed
from tests.factories.people import make_holder
from tests.factories.regions import make_city, make_county
from tests.shown import send

pytestmark = pytest.mark.django_db

PICKUP = {"method": "PICKUP", "branch": "中国建设银行张店支行"}


def mail(**changes):
    county = make_county()
    return {
        "method": "MAIL",
        "recipient": "张超",
        "phone": "13800138000",
        "province": "370000",
        "city": county.city_id,
        "county": county.pk,
        "address": "共青团西路 88 号",
    } | changes


def url(name, card_request):
    return reverse(f"application:{name}", args=[card_request.reference])


@pytest.fixture
def submitted(client):
    """A submitted request whose owner is signed in."""
    card_request = make_request(RequestStatus.SUBMITTED, at=timezone.now() - timedelta(hours=1))
    client.force_login(card_request.holder.user)
    return card_request


def status(card_request):
    card_request.refresh_from_db()
    return card_request.status


def pay_order(card_request):
    """An order at the cashier, unpaid."""
    return payments.start(
        card_request=card_request,
        amount_fen=1000,
        subject="社保卡邮寄费",
        by=card_request.applicant,
        at=timezone.now(),
    ).payment


def test_an_address_leads_to_the_payment(client, submitted):
    response = send(client, url("shipping", submitted), mail())
    assert response.url == reverse("payments:pay", args=[submitted.reference])
    assert Shipment.objects.get(card_request=submitted).postage_fen == 1000
    assert status(submitted) == RequestStatus.SUBMITTED


def test_the_button_that_names_the_amount_leads_to_the_cashier(client, submitted):
    page = client.get(url("shipping", submitted)).content.decode()
    assert "按地址计" not in page
    response = send(client, url("shipping", submitted), mail(amount="1000"))
    payment = Payment.objects.get(card_request=submitted)
    assert (payment.amount_fen, payment.is_running) == (1000, True)
    assert "/cashier/" in response.url or payment.reference in response.url


def test_another_amount_than_the_button_named_is_not_paid_and_said(client, submitted):
    response = send(client, url("shipping", submitted), mail(amount="1200"))
    page = response.content.decode()
    assert "现在应付 10.00 元" in page
    assert "支付 10.00 元</button>" in page
    assert not Payment.objects.exists()
    # Neither is a card handed in free of charge by a button that named an amount.
    page = send(client, url("shipping", submitted), PICKUP | {"amount": "1000"}).content.decode()
    assert 'value="0"' in page
    assert status(submitted) == RequestStatus.SUBMITTED


def test_the_address_of_last_time_is_proposed(client):
    at = timezone.now() - timedelta(days=9)
    before = make_addressed(RequestStatus.REJECTED, at=at)
    again = make_request(
        RequestStatus.SUBMITTED, holder=before.holder, at=timezone.now() - timedelta(hours=1)
    )
    client.force_login(before.applicant)
    page = client.get(url("shipping", again)).content.decode()
    assert before.shipment.address in page


def test_collecting_at_a_branch_is_free_and_goes_straight_to_the_receipt(client, submitted):
    response = send(client, url("shipping", submitted), PICKUP)
    assert response.url == url("submitted", submitted)
    assert "免费，到网点自取" in client.get(response.url).content.decode()
    assert status(submitted) == RequestStatus.PAID
    assert submitted.events.filter(action=RequestAction.WAIVE).count() == 1


def test_what_is_missing_is_told_and_nothing_typed_is_lost(client, submitted):
    page = send(client, url("shipping", submitted), mail(phone="138", address="")).content.decode()
    assert "手机号应为 11 位，您填了 3 位。" in page
    assert "请填写详细地址，写到门牌号。" in page
    assert 'value="138"' in page


def test_the_postage_is_shown_before_the_form_is_sent(client, submitted):
    Shipment.objects.all().delete()
    page = client.get(url("shipping", submitted), {}).content.decode()
    assert "postage" in page
    fragment = client.get(
        reverse("delivery:postage", args=[submitted.reference]),
        {"method": "MAIL", "city": make_city().pk},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert "10.00" in fragment


def test_the_address_of_a_paid_request_is_changed_without_paying_again(client, submitted):
    send(client, url("shipping", submitted), PICKUP)
    response = send(client, url("shipping", submitted), PICKUP | {"branch": "中国建设银行历下支行"})
    assert response.url == submitted.get_absolute_url()
    assert Shipment.objects.get(card_request=submitted).branch == "中国建设银行历下支行"


def test_another_way_to_the_card_after_the_payment_is_refused_with_its_reason(client, submitted):
    send(client, url("shipping", submitted), PICKUP)
    page = send(client, url("shipping", submitted), mail()).content.decode()
    assert "不能再更换领卡方式" in page


def test_switching_to_collecting_closes_the_open_order(client, submitted, cashier):
    send(client, url("shipping", submitted), mail())
    submitted.refresh_from_db()
    payment = pay_order(submitted)
    send(client, url("shipping", submitted), PICKUP)
    payment.refresh_from_db()
    assert not payment.is_running
    assert status(submitted) == RequestStatus.PAID


def test_a_draft_is_filled_in_first(client):
    draft = make_request(RequestStatus.DRAFT)
    client.force_login(draft.holder.user)
    assert client.get(url("shipping", draft)).url == url("form", draft)


def test_withdrawing_is_asked_once_more_and_then_done(client, submitted):
    page = client.get(url("withdraw", submitted)).content.decode()
    assert "确定要撤销这件申请吗" in page
    assert status(submitted) == RequestStatus.SUBMITTED
    response = client.post(url("withdraw", submitted))
    assert response.url == submitted.get_absolute_url()
    assert status(submitted) == RequestStatus.WITHDRAWN


def test_withdrawing_closes_the_open_order_with_it(client, submitted, cashier):
    send(client, url("shipping", submitted), mail())
    submitted.refresh_from_db()
    pay_order(submitted)
    client.post(url("withdraw", submitted))
    assert status(submitted) == RequestStatus.WITHDRAWN
    assert not Payment.objects.running().exists()


def test_withdrawing_twice_is_withdrawing_once(client, submitted):
    client.post(url("withdraw", submitted))
    again = client.post(url("withdraw", submitted), follow=True)
    assert submitted.events.filter(action=RequestAction.WITHDRAW).count() == 1
    assert "不能撤销" not in again.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_after_the_payment_withdrawing_is_refused_with_whom_to_ask(client, method):
    card_request = make_request(RequestStatus.ACCEPTED)
    client.force_login(card_request.holder.user)
    page = getattr(client, method)(url("withdraw", card_request), follow=True).content.decode()
    assert "不能撤销" in page
    assert "人事处社会保障卡服务窗口" in page
    assert status(card_request) == RequestStatus.ACCEPTED


@pytest.mark.parametrize("name", ["shipping", "withdraw"])
def test_another_person_finds_nothing(client, submitted, name):
    client.force_login(make_holder().user)
    assert client.get(url(name, submitted)).status_code == 404
    assert client.post(url(name, submitted), PICKUP).status_code == 404


def test_withdrawing_while_the_gateway_is_silent_says_to_try_again(client, submitted, monkeypatch):
    send(client, url("shipping", submitted), mail())
    submitted.refresh_from_db()
    pay_order(submitted)

    def silent(url, fields):
        raise wire.WireError("TimeoutError")

    monkeypatch.setattr(wire, "post_form", silent)
    page = client.post(url("withdraw", submitted), follow=True).content.decode()
    assert "请过一分钟再试" in page
    assert status(submitted) == RequestStatus.SUBMITTED
