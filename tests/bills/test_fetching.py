"""Yesterday's bill is fetched from the cashier over its own protocol, once, however it behaves."""

from datetime import timedelta

import pytest
from django.test import Client

from apps.bills import fetching, services
from apps.bills.enums import BillStatus, LineResult
from apps.bills.models import BillLine, DailyBill
from apps.cards.models import CardRequest
from apps.cashier.models import SandboxTrade
from apps.common.moments import day_of, start_of
from apps.demo import money
from apps.events.models import Event
from apps.gateways.port import BillNotThere, GatewayUnavailable, get_gateway
from apps.operations.checks import by_key
from apps.operations.enums import State
from apps.operations.examination import examine
from apps.payments import sweeps
from apps.payments.enums import DiscrepancyKind, PaymentStatus
from apps.payments.models import Discrepancy, Payment
from tests.factories.cards import AT, accept, reject
from tests.factories.payments import make_payable
from tests.gateways.test_bill_file import Trade, csv_of, zipped

pytestmark = pytest.mark.django_db

DAY = day_of(AT)
MORNING = start_of(DAY) + timedelta(days=1, hours=10)


@pytest.fixture
def paid(line):
    """Two paid requests, by our own cashier."""
    requests = [make_payable(at=AT) for _ in range(2)]
    for number, card_request in enumerate(requests):
        money.pay(card_request, AT + timedelta(minutes=number + 1))
    return [card_request.payments.get() for card_request in requests]


def examined(at):
    return examine([by_key("bills")], at=at)[0].result


def fetch(at=MORNING):
    services.expect_all(at=at)
    return fetching.fetch_due(at=at, limit=10)


def test_the_bill_of_yesterday_is_fetched_once_and_matches(paid):
    assert fetch(at=start_of(DAY) + timedelta(days=1, hours=1)) == 0  # not made yet at night
    assert fetch() == 1
    bill = DailyBill.objects.get()
    assert (bill.day, bill.status, bill.last_error) == (DAY, BillStatus.COMPARED, "")
    assert {line.result for line in bill.lines.all()} == {LineResult.MATCHED}
    assert bill.lines.sums() == {
        "paid_count": 2,
        "paid_fen": 2000,
        "refund_count": 0,
        "refund_fen": 0,
        "fee_fen": 12,
        "differing": 0,
    }
    assert not Discrepancy.objects.exists()
    assert fetch() == 0
    assert BillLine.objects.count() == 2
    events = Event.objects.of_kind(DailyBill.lifecycle).values_list("action", flat=True)
    assert list(events) == ["EXPECT", "TAKE"]


def test_a_refund_stands_in_the_bill_and_matches(paid, line):
    card_request = CardRequest.objects.get(pk=paid[0].card_request_id)
    accept(card_request, at=AT + timedelta(minutes=10))
    reject(card_request, at=AT + timedelta(hours=1))
    sweeps.begin_refunds(at=AT + timedelta(hours=2))
    sweeps.send_refunds(at=AT + timedelta(hours=2), limit=5)
    # The cashier's own clock is that of today.
    SandboxTrade.objects.exclude(refunded_at=None).update(refunded_at=AT + timedelta(hours=2))
    assert Payment.objects.filter(status=PaymentStatus.REFUNDED).count() == 1
    assert fetch() == 1
    assert DailyBill.objects.get().lines.sums()["refund_fen"] == 1000
    assert not Discrepancy.objects.exists()


MISBEHAVIOUR = {
    "half a file": (lambda data: data[: len(data) // 2], "压缩包打不开"),
    "no zip": (lambda data: b"<html>busy</html>", "不完整"),
    "nothing": (lambda data: b"", "不完整"),
}


@pytest.mark.parametrize(("spoil", "says"), MISBEHAVIOUR.values(), ids=MISBEHAVIOUR)
def test_a_spoilt_file_leaves_nothing_and_is_fetched_again(paid, line, spoil, says):
    line.spoil = spoil
    assert fetch() == 0
    bill = DailyBill.objects.get()
    assert says in bill.last_error
    assert (bill.status, BillLine.objects.count()) == (BillStatus.WAITING, 0)
    assert bill.next_try_at == MORNING + timedelta(minutes=10)
    line.spoil = None
    assert fetch(MORNING + timedelta(minutes=9)) == 0
    assert fetch(MORNING + timedelta(minutes=11)) == 1


def test_the_bill_of_another_day_is_not_taken(paid, line, monkeypatch):
    monkeypatch.setattr("apps.cashier.bills.of_day", lambda day: _wrong_day(day))
    assert fetch() == 0
    assert "要的是" in DailyBill.objects.get().last_error
    assert not BillLine.objects.exists()


def _wrong_day(day):
    return zipped(csv_of(Trade(1), day=day - timedelta(days=1)))


def test_pauses_grow_and_the_operator_hears_of_a_bill_that_never_comes(paid, line):
    line.is_cut = True
    pauses, at = [], MORNING
    for _ in range(7):
        assert fetch(at) == 0
        bill = DailyBill.objects.get(day=DAY)
        pauses.append((bill.next_try_at - at) // timedelta(minutes=1))
        at = bill.next_try_at
    assert pauses == [10, 20, 40, 80, 160, 240, 240]
    assert examined(start_of(DAY) + timedelta(days=1, hours=20)).state == State.OK
    found = examined(start_of(DAY) + timedelta(days=2))
    assert found.state == State.BAD
    assert str(DAY) in found.lines[0]
    line.is_cut = False
    assert fetch(at) >= 1
    assert examined(at).state == State.OK


def test_a_day_without_trades_is_believed_late_and_only_if_we_have_none(line, paid):
    assert fetch() == 1
    bill = services.expect(gateway="sandbox", day=DAY + timedelta(days=1), by=None, at=MORNING)
    next_noon = MORNING + timedelta(days=1)
    assert fetch(next_noon) == 0
    bill.refresh_from_db()
    assert bill.last_error == "支付平台还没有这一天的账单"
    assert fetch(next_noon + timedelta(hours=8)) == 1
    bill.refresh_from_db()
    assert bill.status == BillStatus.EMPTY


def test_a_day_on_which_we_were_paid_is_never_called_empty(paid, line):
    SandboxTrade.objects.all().delete()
    assert fetch(MORNING + timedelta(hours=20)) == 0
    assert DailyBill.objects.get(day=DAY).status == BillStatus.WAITING


def test_of_two_workers_one_fetches(paid, line):
    services.expect_all(at=MORNING)
    first, second = DailyBill.objects.due(MORNING).get(), DailyBill.objects.due(MORNING).get()
    assert fetching._lease(first, MORNING)
    assert not fetching._lease(second, MORNING)


def test_an_address_of_another_hand_gives_nothing(line, client):
    assert client.get("/cashier/bill/forged/").status_code == 404


def test_the_adapter_tells_a_missing_bill_from_a_silent_gateway(paid, line):
    gateway = get_gateway("sandbox")
    with pytest.raises(BillNotThere):
        gateway.bill(day_of(MORNING), at=MORNING)
    line.is_cut = True
    with pytest.raises(GatewayUnavailable):
        gateway.bill(DAY, at=MORNING)


def test_what_the_bill_adds_is_found_and_what_a_notification_told_is_not_told_twice(paid, line):
    SandboxTrade.objects.filter(order_number=paid[0].reference).update(amount_fen=900)
    SandboxTrade.objects.filter(order_number=paid[1].reference).update(order_number="NOBODY")
    SandboxTrade.objects.filter(order_number="NOBODY").update(trade_number="T-UNKNOWN")
    assert fetch() == 1
    kinds = set(Discrepancy.objects.values_list("kind", flat=True))
    assert kinds == {
        DiscrepancyKind.BILL_AMOUNT,
        DiscrepancyKind.BILL_ONLY_THEIRS,
        DiscrepancyKind.BILL_ONLY_OURS,
    }
    assert set(Discrepancy.objects.values_list("bill_day", flat=True)) == {DAY}
    assert not Discrepancy.objects.told().exists()
    page = Client()
    page.force_login(paid[0].card_request.applicant)
    assert "要核对" not in page.get(paid[0].get_absolute_url()).content.decode()
