"""Failures between submission and the card. No money is lost by any of them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.bureau import production
from apps.bureau.models import SimulatedJob
from apps.cards.enums import RequestStatus
from apps.cashier import notify, trades
from apps.cashier.models import SandboxTrade
from apps.gateways.rsa2 import canonical, sign
from apps.notices.models import OutboxMessage
from apps.payments import sweeps
from apps.payments.models import Payment
from tests.gateways.test_rsa2 import new_key, pem
from tests.journeys.steps import (
    CONSENTS,
    actions,
    card_request_of,
    money_is_reported,
    pay,
    the_worker_runs,
)
from tests.journeys.visitor import Visitor
from tests.payments.test_notifications import notice

pytestmark = pytest.mark.django_db

DELIVERIES = 10
NOTIFY = reverse("payments:notify", args=["sandbox"])


# --- Payment


def test_who_gives_up_at_the_cashier_can_pay_later(shipped, holder):
    pay(shipped, outcome="放弃支付，返回商户").see("还没有支付")
    the_worker_runs()
    shipped.reload().see("还没有支付").follow("继续支付")
    pay(shipped)
    money_is_reported()
    assert card_request_of(holder).status == RequestStatus.PAID
    assert Payment.objects.get().status == "PAID"


def test_a_failed_try_takes_nothing_and_may_be_repeated(shipped, holder):
    pay(shipped, outcome="支付失败")
    money_is_reported()
    shipped.reload().see("支付没有成功", "没有扣款").follow("再付一次")
    pay(shipped)
    money_is_reported()
    shipped.reload().see("支付成功")
    assert card_request_of(holder).status == RequestStatus.PAID
    assert Payment.objects.count() == 1


def test_a_late_notification_is_forestalled_by_our_own_question_and_counts_once(shipped, holder):
    pay(shipped, delay_seconds="60")
    money_is_reported()
    assert card_request_of(holder).status == RequestStatus.SUBMITTED
    the_worker_runs()
    assert card_request_of(holder).status == RequestStatus.PAID
    notify.deliver_due(at=timezone.now() + timedelta(seconds=61), limit=DELIVERIES)
    the_worker_runs()
    assert actions(card_request_of(holder)) == ["SAVE", "SUBMIT", "PAY", "ACCEPT"]


def test_a_notification_sent_three_times_counts_once(shipped, holder):
    pay(shipped, is_repeated=True)
    money_is_reported()
    assert Payment.objects.get().notifications.count() == 3
    assert actions(card_request_of(holder)) == ["SAVE", "SUBMIT", "PAY"]


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({}, "another key"),
        ({}, "none"),
        ({"total_amount": "0.01"}, "the cashier's"),
        ({"out_trade_no": "2026000000000000"}, "the cashier's"),
        ({"seller_id": "another-seller"}, "the cashier's"),
    ],
    ids=["another key", "unsigned", "amount", "order", "seller"],
)
def test_a_forged_notification_marks_nothing_paid(shipped, holder, changes, key):
    pay(shipped, outcome="放弃支付，返回商户")
    payment = Payment.objects.get()
    fields = trades.signed(notice(payment, **changes))
    if key == "another key":
        text = canonical(fields, without=("sign", "sign_type"))
        fields["sign"] = sign(text, pem(new_key()))
    elif key == "none":
        del fields["sign"]
    assert Visitor().client.post(NOTIFY, fields).content == b"failure"
    payment.refresh_from_db()
    assert payment.status == "PENDING"
    assert card_request_of(holder).status == RequestStatus.SUBMITTED


# --- Withdrawing, lapsing, rejecting


def test_before_the_payment_the_request_can_be_withdrawn_and_begun_again(shipped, holder):
    first = card_request_of(holder)
    shipped.open(first.get_absolute_url()).follow("撤销申请").press("撤销申请")
    shipped.see("申请已撤销。", "这件申请已撤销")
    assert card_request_of(holder).status == RequestStatus.WITHDRAWN
    shipped.follow("重新申请")
    shipped.press("开始办理").fill(**CONSENTS).press("同意并开始办理")
    assert card_request_of(holder) != first
    assert card_request_of(holder).status == RequestStatus.DRAFT


def test_who_withdraws_while_the_cashier_is_open_cannot_pay_any_more(shipped, holder):
    shipped.press("支付 10.00 元")
    other_tab = shipped.another_tab()
    shipped.open(reverse("application:withdraw", args=[card_request_of(holder).reference]))
    shipped.press("撤销申请").see("申请已撤销。")
    form = next(other_tab.page.nodes("form"))
    sent = other_tab.data(form) | {"outcome": "TRADE_SUCCESS"}
    other_tab.send(form, sent)
    the_worker_runs()
    assert SandboxTrade.objects.get().trade_status == "TRADE_CLOSED"
    assert (Payment.objects.get().status, Payment.objects.get().paid_at) == ("CLOSED", None)
    assert card_request_of(holder).status == RequestStatus.WITHDRAWN


def test_after_the_payment_nothing_is_withdrawn(shipped, holder):
    question = reverse("application:withdraw", args=[card_request_of(holder).reference])
    other_tab = shipped.another_tab().open(question)
    pay(shipped)
    money_is_reported()
    other_tab.press("撤销申请").see("不能撤销", "请联系人事处社会保障卡服务窗口")
    other_tab.open(question).at("progress:detail", card_request_of(holder).reference)
    assert card_request_of(holder).status == RequestStatus.PAID


def test_money_on_its_way_wins_over_a_withdrawal(shipped, holder):
    """Paid, but not reported yet: closing the order finds the payment."""
    pay(shipped, delay_seconds="60")
    shipped.open(reverse("application:withdraw", args=[card_request_of(holder).reference]))
    shipped.press("撤销申请").miss("申请已撤销。")
    assert card_request_of(holder).status == RequestStatus.PAID
    assert Payment.objects.get().status == "PAID"


def test_a_request_that_nobody_pays_lapses_and_the_order_with_it(shipped, holder, settings):
    shipped.press("支付 10.00 元")
    late = timezone.now() + settings.UNPAID_LAPSE + timedelta(days=1)
    sweeps.close_unpaid(at=late, limit=DELIVERIES)
    card_request = card_request_of(holder)
    assert card_request.status == RequestStatus.LAPSED
    assert Payment.objects.get().status == "CLOSED"
    shipped.open(card_request.get_absolute_url()).see("到期没有缴费，这件申请已失效", "重新申请")
    the_worker_runs()
    shipped.open("/messages/").see("您的申请到期没有缴费，已经失效")


@pytest.mark.usefixtures("firm_decisions")
def test_a_rejection_tells_the_reason_and_sends_the_postage_back(shipped, holder, reviewer):
    pay(shipped)
    the_worker_runs()
    reviewer.open("/admin/cards/cardrequest/").follow("*超").press("领办这件")
    reviewer.fill(reject__reason="照片不是本人").press("审核不通过").see("已审核不通过")
    the_worker_runs()
    card_request, payment = card_request_of(holder), Payment.objects.get()
    assert card_request.status == RequestStatus.REJECTED
    assert payment.status == "REFUNDED"
    assert SandboxTrade.objects.get().refunded_at is not None
    shipped.open(card_request.get_absolute_url()).see(
        "审核没有通过，这件申请已结束", "照片不是本人"
    )
    shipped.follow("查看支付订单").see("已原路退回 10.00 元")
    shipped.open("/messages/").see("审核不通过：照片不是本人。已付的邮寄费将原路退回。")
    assert sum("审核不通过" in message.text for message in OutboxMessage.objects.all()) == 1


@pytest.mark.slow
def test_a_card_that_cannot_be_made_goes_back_to_the_reviewer(
    shipped, holder, reviewer, quick_bureau
):
    pay(shipped)
    the_worker_runs()
    reviewer.open("/admin/cards/cardrequest/").follow("*超").press("领办这件").press("审核通过")
    at = timezone.now()
    production.make_batch(at=at, limit=DELIVERIES)
    production.submit_batches(at=at, limit=DELIVERIES)
    SimulatedJob.objects.update(is_faulty=True)
    the_worker_runs()
    card_request = card_request_of(holder)
    assert card_request.status == RequestStatus.ACCEPTED
    shipped.open(card_request.get_absolute_url()).see("制卡失败，重新审核", "银行预开户失败")
    reviewer.open("/admin/cards/cardrequest/").follow("*超").press("领办这件").press("审核通过")
    the_worker_runs()
    assert card_request_of(holder).status == RequestStatus.DISPATCHED
