"""Money that goes back is seen where people look: by when it arrives, and whom to ask."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from apps.application import services as shipping
from apps.cards.models import CardRequest
from apps.cashier import trades
from apps.cashier.enums import AfterPayment
from apps.cashier.models import SandboxNotice, SandboxTrade
from apps.common.deadlines import Deadline
from apps.common.templatetags.formats import day
from apps.delivery.enums import DeliveryMethod
from apps.desk import roles
from apps.events.models import Event
from apps.lateness.promises import expected_date
from apps.lateness.services import tell_overdue
from apps.notices import services as notices
from apps.payments import discrepancies, money_back, settlement, stalled, sweeps
from apps.payments.enums import DiscrepancyKind, PaymentAction, PaymentStatus
from apps.payments.lifecycle import PAYMENT
from apps.payments.models import Discrepancy, Payment
from apps.payments.refunds import arrival_date
from tests.factories.cards import accept, ask, lapse, withdraw
from tests.factories.payments import (
    MAIL,
    PICKUP,
    confirm,
    make_paid,
    make_payable,
    make_payment,
    make_shipment,
    start,
)
from tests.factories.people import make_colleague, make_reviewer
from tests.factories.regions import make_city, make_county
from tests.guards import without_guards
from tests.payments.test_every_notification import NOTIFICATIONS
from tests.payments.test_notifications import notice, send
from tests.shown import words
from tests.whole_world import make_whole_world

pytestmark = pytest.mark.django_db

OPERATOR = settings.PORTAL_OPERATOR["contact"]


def far_away(card_request, *, at):
    make_shipment(card_request, at=at, city=make_city("370300", "淄博市"))


def fetched(card_request, *, at):
    make_shipment(card_request, at=at, method=DeliveryMethod.PICKUP, branch="历下支行")


@pytest.fixture
def now():
    return timezone.now()


def pages_of(client, payment):
    """Name → text of every page on which the payer looks for the money."""
    client.force_login(payment.created_by)
    request = payment.card_request
    at = timezone.now() + timedelta(minutes=5)
    notices.collect(at=at, limit=100)
    notices.send_due(at=at, limit=100)
    urls = {
        "progress": request.get_absolute_url(),
        "list": reverse("progress:list"),
        "home": reverse("home:home"),
        "records": reverse("home:records"),
        "messages": reverse("home:messages"),
        "order": payment.get_absolute_url(),
    }
    # The list of one request leads to the request itself.
    return {name: client.get(url, follow=True).content.decode() for name, url in urls.items()}


# Two run always, the others in CI.
@pytest.mark.parametrize(
    "change",
    [
        withdraw,
        pytest.param(lapse, marks=pytest.mark.slow),
        far_away,
        pytest.param(fetched, marks=pytest.mark.slow),
    ],
)
def test_money_that_arrives_too_late_is_seen_everywhere(client, now, change):
    payment = make_payment(card_request=make_payable(at=now - timedelta(hours=1)), at=now)
    change(CardRequest.objects.get(), at=now)
    confirm(payment, at=now)
    arrives = day(arrival_date(now))
    for name, page in pages_of(client, payment).items():
        assert "10.00 元" in page, name
        assert arrives in page, name
        assert OPERATOR in page, name


def test_a_refused_refund_is_never_nothing_to_do(client, now):
    payment = make_payment(card_request=make_payable(at=now - timedelta(hours=1)), at=now)
    withdraw(CardRequest.objects.get(), at=now)
    confirm(payment, at=now)
    settlement.stall_refund(payment=payment, code="ACQ.SELLER_BALANCE_NOT_ENOUGH", at=now)
    pages = pages_of(client, payment)
    for name, page in pages.items():
        assert "人事处处理" in page or "人事处正在处理" in page, name
        assert OPERATOR in page, name
    result = client.get(reverse("payments:return", args=[payment.reference])).content.decode()
    for page in (result, pages["order"], pages["home"], pages["progress"]):
        assert "不用做什么" not in page
    assert "最迟" not in pages["progress"]


def test_a_refund_by_the_gateway_s_side_is_seen(client, now):
    payment = make_paid(card_request=make_payable(at=now - timedelta(hours=1)), at=now)
    send(client, notice(payment) | NOTIFICATIONS["refunded"])
    for name, page in pages_of(client, payment).items():
        assert "支付平台退回" in page, name
        assert "人事处正在核对" in page or name == "records", name


@pytest.fixture
def refunded_in_silence(client, at_cashier):
    """A paid order that the gateway's side has sent back; every notification of it was lost."""

    def make(at, *then, what=AfterPayment.REFUND):
        payment, url = start(make_payable(at=at - timedelta(hours=1)), at=at)
        cashier = at_cashier(url)
        client.post(cashier, {"outcome": "TRADE_SUCCESS", "delay_seconds": "60"})
        sweeps.reconcile(at=at + timedelta(minutes=1), limit=10)
        for step in then:
            step(CardRequest.objects.get(), at=at + timedelta(minutes=2))
        trades.go_on(SandboxTrade.objects.get(), what, at=at)
        SandboxNotice.objects.all().delete()
        payment.refresh_from_db()
        assert payment.status == PaymentStatus.PAID
        return payment

    return make


@pytest.mark.parametrize("then", [(), (accept,), (accept, ask)])
def test_a_refund_of_which_every_notification_was_lost_is_seen(
    client, now, refunded_in_silence, then
):
    payment = refunded_in_silence(now, *then)
    sweeps.ask_about_paid(at=payment.next_check_at, limit=10)
    for name, page in pages_of(client, payment).items():
        assert "支付平台退回" in page, name
        assert "人事处正在核对" in page or name == "records", name
    payment.refresh_from_db()
    moved = Event.objects.about(PAYMENT, payment).get(action=PaymentAction.GATEWAY_REFUND)
    assert moved.to_status == payment.status == PaymentStatus.REFUNDED
    found = Discrepancy.objects.get()
    assert found.kind == DiscrepancyKind.REFUNDED_THERE
    client.force_login(make_colleague(roles.REVIEWER))
    desk = client.get(reverse("admin:payments_discrepancy_changelist")).content.decode()
    assert found.reference in desk


def test_a_part_that_went_back_in_silence_is_seen(client, now, refunded_in_silence):
    payment = refunded_in_silence(now, accept, what=AfterPayment.REFUND_PART)
    sweeps.ask_about_paid(at=payment.next_check_at, limit=10)
    for name, page in pages_of(client, payment).items():
        assert "5.00 元" in page, name
        assert "人事处正在核对" in page or name in {"records", "list"}, name
    found = Discrepancy.objects.get()
    assert found.kind == DiscrepancyKind.PARTLY_REFUNDED
    client.force_login(make_colleague(roles.REVIEWER))
    desk = client.get(reverse("admin:payments_discrepancy_changelist")).content.decode()
    assert found.reference in desk


def test_a_second_payment_is_seen_until_it_is_settled(client, now):
    payment = make_paid(card_request=make_payable(at=now - timedelta(hours=1)), at=now)
    send(client, notice(payment, trade_no="T-SECOND"))
    for name, page in pages_of(client, payment).items():
        assert "第二笔付款" in page or name == "list", name
    found = Discrepancy.objects.get()
    words = "第二笔已由财务退回"
    discrepancies.settle(discrepancy=found, settlement=words, by=make_reviewer(), at=now)
    for name, page in pages_of(client, payment).items():
        assert words in page, name


def test_after_its_day_no_page_promises_a_refund_for_that_day(client, now, monkeypatch):
    """Tried again by the desk: it is on its way once more, and the day it was promised is over."""
    begun = now - timedelta(days=20)
    payment = make_payment(card_request=make_payable(at=begun - timedelta(hours=1)), at=begun)
    withdraw(CardRequest.objects.get(), at=begun)
    confirm(payment, at=begun)
    settlement.stall_refund(payment=payment, code="x", at=begun)
    tell_overdue(at=now, deadline=Deadline(60))
    stalled.retry(payment=payment, by=make_reviewer(), at=now)
    arrives, expected = day(payment.arrives_date), day(expected_date(now))
    pages = pages_of(client, payment)
    for name in ("progress", "list", "home", "order"):
        assert f"最迟 {arrives}" not in pages[name], name
        assert f"应在 {arrives}到账" in pages[name], name
        assert OPERATOR in pages[name], name
    assert "新的预计到账" in pages["order"]
    assert f"{expected}24:00" in words(pages["order"])


def test_what_was_given_back_by_hand_says_how(client, now):
    payment = make_payment(card_request=make_payable(at=now - timedelta(hours=1)), at=now)
    withdraw(CardRequest.objects.get(), at=now)
    confirm(payment, at=now)
    settlement.stall_refund(payment=payment, code="x", at=now)
    stalled.settle(payment=payment, settlement="转到工资卡", by=make_reviewer(), at=now)
    for name, page in pages_of(client, payment).items():
        assert "另外退还：转到工资卡" in page, name


def test_money_under_way_keeps_the_page_of_an_ended_request_up_to_date(client, now):
    payment = make_payment(card_request=make_payable(at=now - timedelta(hours=1)), at=now)
    client.force_login(payment.created_by)
    withdraw(CardRequest.objects.get(), at=now)
    url = payment.card_request.get_absolute_url()
    assert 'hx-trigger="every 60s' in client.get(url).content.decode()
    confirm(payment, at=now)
    assert 'hx-trigger="every 60s' in client.get(url).content.decode()
    settlement.finish_refund(payment=Payment.objects.get(), at=now)
    page = client.get(url).content.decode()
    assert "hx-trigger" not in page
    assert "10.00 元已退回" in page


def test_the_queries_do_not_grow_with_the_refunds(client, now, django_assert_max_num_queries):
    number = 5
    for _ in range(number):
        payment = make_payment(card_request=make_payable(at=now - timedelta(hours=1)), at=now)
        withdraw(payment.card_request, at=now)
        confirm(payment, at=now)
    with without_guards():
        Payment.objects.update(created_by=payment.created_by)
    CardRequest.objects.update(holder=payment.card_request.holder)
    client.force_login(payment.created_by)
    client.get(reverse("home:home"))
    with django_assert_max_num_queries(16):
        assert client.get(reverse("home:home")).content.decode().count("元正在退回") == number
    with django_assert_max_num_queries(16):
        page = client.get(reverse("progress:list")).content.decode()
        assert page.count("元正在退回") == number


def test_a_stale_order_is_closed_when_the_amount_changes_whatever_the_new_one(line, now):
    card_request = make_payable(at=now - timedelta(hours=1))
    by = card_request.applicant
    city = make_city("370300", "淄博市")
    dearer = MAIL | {"city": city, "county": None}
    same = MAIL | {"city": make_city(), "county": make_county(), "address": "经十路1号"}
    for where, is_closed in ((same, False), (dearer, True), (same, True), (PICKUP, True)):
        fresh = CardRequest.objects.get()
        payment = make_payment(card_request=fresh, at=now)
        shipping.ship(card_request=fresh, by=by, at=now, **where)
        payment.refresh_from_db()
        assert (payment.status == PaymentStatus.CLOSED) == is_closed, where
    assert line.methods().count("alipay.trade.close") == 3


def test_who_paid_the_old_amount_reads_that_it_comes_back_before_paying_again(client, now):
    payment = make_payment(card_request=make_payable(at=now - timedelta(hours=1)), at=now)
    far_away(CardRequest.objects.get(), at=now)
    confirm(payment, at=now)
    client.force_login(payment.created_by)
    page = client.get(reverse("payments:pay", args=[payment.card_request.reference]))
    html = page.content.decode()
    assert "已付的 10.00 元将原路退回" in html
    assert "支付 12.00 元" in html


def test_while_the_gateway_is_silent_the_worker_closes_the_stale_order(line, now):
    card_request = make_payable(at=now - timedelta(hours=1))
    payment = make_payment(card_request=card_request, at=now)
    line.is_cut = True
    dearer = MAIL | {"city": make_city("370300", "淄博市"), "county": None}
    shipping.ship(card_request=card_request, by=card_request.applicant, at=now, **dearer)
    line.is_cut = False
    sweeps.reconcile(at=now + timedelta(seconds=5), limit=10)
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.CLOSED


@pytest.mark.slow
def test_the_requests_that_tell_of_money_are_those_with_a_payment_that_does():
    make_whole_world()
    found = set()
    for since in (None, timezone.now() - timedelta(days=900), timezone.now() + timedelta(days=900)):
        payments = Payment.objects.told_of_since(since)
        requests = CardRequest.objects.filter(money_back.tells(since))
        assert set(requests) == {payment.card_request for payment in payments}
        found |= {payment.status for payment in payments}
    assert {PaymentStatus.PAID, PaymentStatus.STALLED} <= found
