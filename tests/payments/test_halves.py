"""A refund that comes in parts: the payer, finance and the gateway speak of the same amounts."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.backoffice.start import numbers
from apps.bills import booking
from apps.cards.models import CardRequest
from apps.cashier import trades
from apps.cashier.enums import AfterPayment
from apps.cashier.models import SandboxNotice, SandboxTrade
from apps.cashier.tasks import deliver_notices
from apps.desk import roles
from apps.finance import columns, desk_start, narrowing
from apps.payments import services, stalled, sweeps
from apps.payments.enums import PaymentStatus
from apps.payments.models import Discrepancy, Payment, rest_fen
from tests.factories.cards import accept, reject
from tests.factories.payments import make_payable, start
from tests.factories.people import make_colleague, make_reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def pay(client, at_cashier, now):
    """Pay 10 yuan at the cashier; with `refuses_refund` it refuses later refunds."""

    def paid(**options):
        payment, url = start(make_payable(at=now - timedelta(hours=1)), at=now)
        answer = {"outcome": "TRADE_SUCCESS", "delay_seconds": "0"} | options
        client.post(at_cashier(url), answer)
        deliver_notices()
        payment.refresh_from_db()
        assert payment.is_paid
        return payment

    return paid


def go_on(what, *, at):
    """The platform does `what` by itself, and the portal is told."""
    trades.go_on(SandboxTrade.objects.get(), what, at=at)
    SandboxNotice.objects.update(next_try_at=at - timedelta(seconds=1))
    deliver_notices()


def refuse(now):
    """The request is rejected for good, and its refund is sent."""
    card_request = CardRequest.objects.get()
    accept(card_request, at=now)
    reject(card_request, at=now)
    later = now + timedelta(hours=1)
    sweeps.begin_refunds(at=later)
    sweeps.send_refunds(at=later, limit=10)


def pages_of_payer():
    payment = Payment.objects.get()
    client = Client()
    client.force_login(payment.card_request.applicant)
    addresses = (
        reverse("home:home"),
        payment.get_absolute_url(),
        payment.card_request.get_absolute_url(),
    )
    return [client.get(address).content.decode() for address in addresses]


def page_of_finance():
    client = Client()
    client.force_login(make_colleague(roles.FINANCE))
    return client.get(reverse("admin:payments_discrepancy_changelist")).content.decode()


def test_a_part_is_to_be_looked_at_until_the_rest_has_come(pay, now):
    pay()
    go_on(AfterPayment.REFUND_PART, at=now)
    for page in pages_of_payer():
        assert "支付平台退回了已付款中的 5.00 元。人事处正在核对" in page
    go_on(AfterPayment.REFUND, at=now)
    for page in pages_of_payer():
        assert "已付款中的 5.00 元" not in page
        assert "10.00 元" in page
    assert "后来已全部退回，共 10.00 元" in page_of_finance()
    client = Client()
    client.force_login(Payment.objects.get().card_request.applicant)
    records = client.get(reverse("home:records")).content.decode()
    assert "已付款中的 5.00 元。后来已全部退回，共 10.00 元。" in records


def test_what_is_left_goes_back_after_a_rejection(pay, now):
    pay()
    go_on(AfterPayment.REFUND_PART, at=now)
    refuse(now)
    assert Payment.objects.get().status == PaymentStatus.REFUNDED
    for page in pages_of_payer():
        assert "已付款中的 5.00 元" not in page


def test_a_rest_that_is_refused_is_called_the_rest_everywhere(pay, now):
    pay(refuses_refund="on")
    go_on(AfterPayment.REFUND_PART, at=now)
    refuse(now)
    assert Payment.objects.get().status == PaymentStatus.STALLED
    for page in pages_of_payer():
        assert "没有退成 10.00 元中其余的 5.00 元" in page
    page = page_of_finance()
    assert "共付 10.00 元，其余的支付平台已退回" in page
    assert "商户账户余额不足" in page


def test_of_what_comes_back_beside_a_settlement_only_the_whole_is_told(pay, now):
    payment = pay(refuses_refund="on")
    refuse(now)
    payment.refresh_from_db()
    stalled.settle(payment=payment, settlement="转到工资卡", by=make_reviewer(), at=now)
    go_on(AfterPayment.REFUND_PART, at=now)
    go_on(AfterPayment.REFUND, at=now)
    assert Discrepancy.objects.count() == 2
    for page in pages_of_payer():
        assert "又退回了 10.00 元" in page
        assert "又退回了 5.00 元" not in page
    assert "后来共退回 10.00 元" in page_of_finance()


def test_the_gateway_is_asked_for_the_rest_only(pay, now, line):
    payment = pay()
    go_on(AfterPayment.REFUND_PART, at=now)
    services.refund(payment=Payment.objects.get(), reason="试", by=None, at=now)
    line.calls.clear()
    services.send_refund(payment=Payment.objects.get(), at=now + timedelta(minutes=1))
    asked = [fields["biz_content"] for _, fields in line.calls if "refund" in fields["method"]]
    assert '"refund_amount":"5.00"' in asked[0]
    assert payment.amount_fen == 1000


def figures_of_desk(at):
    """{kind: its sum in fen} on the first page of reviewers; finance must say the same."""
    read = numbers.read(numbers.OF_READERS, by=make_reviewer(), at=at)
    shown = {work.key: work.note for work in desk_start.collect(at)["kinds"]}
    sums = {kind: read[kind].fen or 0 for kind in ("refunds", "discrepancies")}
    for kind, fen in sums.items():
        assert (f"共 {fen / 100:.2f} 元。" in shown[kind]) is bool(fen)
    return sums


def rows_of_payments():
    found = list(narrowing.in_order(Payment.objects.all()))
    return [columns.row(payment)[5:7] for payment in found]


def test_a_part_and_the_whole_are_added_up_once(pay, now):
    pay()
    go_on(AfterPayment.REFUND_PART, at=now)
    assert figures_of_desk(now) == {"refunds": 0, "discrepancies": 500}
    go_on(AfterPayment.REFUND, at=now)
    assert Discrepancy.objects.open().count() == 2
    assert figures_of_desk(now) == {"refunds": 0, "discrepancies": 1000}


def test_of_a_rest_that_is_refused_every_sum_is_the_rest(pay, now):
    pay(refuses_refund="on")
    go_on(AfterPayment.REFUND_PART, at=now)
    refuse(now)
    assert figures_of_desk(now) == {"refunds": 500, "discrepancies": 500}
    assert rows_of_payments() == [[10.0, 5.0]]
    client = Client()
    client.force_login(make_colleague(roles.FINANCE))
    page = client.get(reverse("admin:payments_discrepancy_payments")).content.decode()
    assert "还要退 5.00 元" in page
    client.force_login(Payment.objects.get().card_request.applicant)
    records = client.get(reverse("home:records")).content.decode()
    assert "由人事处办（5.00 元）" in records


def test_only_the_rest_is_booked_as_given_back_by_hand(pay, now):
    payment = pay(refuses_refund="on")
    go_on(AfterPayment.REFUND_PART, at=now)
    refuse(now)
    payment = Payment.objects.get()
    stalled.settle(payment=payment, settlement="转到工资卡", by=make_reviewer(), at=now)
    month = booking.month_of(now)
    entries = booking.unbooked(payment.gateway, month)
    found = booking.sums(entries, 0)
    assert (found["paid_fen"], found["refunded_fen"], found["settled_fen"]) == (1000, 500, 500)
    assert found["closing_fen"] == 0
    assert rows_of_payments() == [[10.0, ""]]


def test_a_part_that_is_told_again_did_not_come_back_twice(pay, now):
    payment = pay(refuses_refund="on")
    go_on(AfterPayment.REFUND_PART, at=now)
    refuse(now)
    payment = Payment.objects.get()
    stalled.settle(payment=payment, settlement="转到工资卡", by=make_reviewer(), at=now)
    SandboxNotice.objects.update(delivered_at=None, next_try_at=now - timedelta(seconds=1))
    deliver_notices()
    assert Discrepancy.objects.count() == 1
    go_on(AfterPayment.REFUND, at=now)
    assert "又退回了 5.00 元" in pages_of_payer()[1]


def test_what_the_database_calls_later_is_what_python_does(pay, now):
    pay()
    go_on(AfterPayment.REFUND_PART, at=now)
    go_on(AfterPayment.REFUND, at=now)
    rows = Discrepancy.objects.select_related("payment")
    assert {row.pk for row in rows if not row.later} == set(
        Discrepancy.objects.without_later().values_list("pk", flat=True)
    )
    payment = Payment.objects.annotate(rest=rest_fen()).get()
    assert payment.rest == payment.rest_fen == 500
