"""A month adds up to the fen, is closed once, and what comes late falls in the next one."""

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from apps.bills import booking, closing, services
from apps.bills.enums import EntryKind
from apps.bills.models import BookedEntry, ClosedMonth, DailyBill
from apps.cards.models import CardRequest
from apps.common.moments import day_of, start_of
from apps.common.refusals import Refused
from apps.common.templatetags.formats import day as in_words
from apps.desk import roles
from apps.events.models import Event
from apps.gateways.port import GatewayReport, TradeState
from apps.payments import settlement, stalled
from apps.payments.enums import DiscrepancyKind
from apps.payments.models import Discrepancy, Payment
from tests.factories.cards import AT, withdraw
from tests.factories.payments import confirm, make_paid, make_payable, make_payment
from tests.factories.people import make_colleague
from tests.finance.test_bills import trade_of
from tests.gateways.test_bill_file import csv_of

pytestmark = pytest.mark.django_db

MONTH = date(2026, 11, 1)  # of AT
NEXT = date(2026, 12, 1)
AFTER = start_of(NEXT) + timedelta(hours=12)


@pytest.fixture
def by():
    return make_colleague(roles.FINANCE)


def take_bill(*trades, day):
    bill = services.expect(gateway="sandbox", day=day, by=None, at=AFTER)
    data = csv_of(*trades, day=day)
    file = services.read(gateway="sandbox", data=data)
    services.take(bill=bill, file=file, data=data, by=None, at=AFTER)


def close(by, month=MONTH, at=AFTER):
    entries = booking.unbooked("sandbox", month)
    shown = booking.sums(entries, booking.opening_of("sandbox", month))["closing_fen"]
    return closing.close(gateway="sandbox", month=month, shown_fen=shown, by=by, at=at)


def refused(code, by, **options):
    with pytest.raises(Refused) as found:
        close(by, **options)
    assert found.value.code == code
    return found.value.message


def test_a_month_adds_up_with_fees_and_what_was_given_back_otherwise(by):
    paid = make_paid()
    stuck = make_payment(card_request=make_payable())
    withdraw(CardRequest.objects.get(pk=stuck.card_request_id), at=AT + timedelta(minutes=20))
    confirm(stuck, at=AT + timedelta(minutes=30))
    settlement.stall_refund(payment=stuck, code="X", at=AT + timedelta(hours=1))
    stalled.settle(payment=stuck, settlement="转到工资卡", by=by, at=AT + timedelta(hours=2))
    stuck.refresh_from_db()
    take_bill(trade_of(paid), trade_of(stuck), day=day_of(AT))
    closed = close(by)
    assert (closed.opening_fen, closed.paid_fen, closed.refunded_fen) == (0, 2000, 0)
    assert (closed.settled_fen, closed.fee_fen, closed.closing_fen) == (1000, 12, 988)
    assert sorted(closed.entries.values_list("kind", flat=True)) == [
        EntryKind.FEE,
        EntryKind.FEE,
        EntryKind.PAID,
        EntryKind.PAID,
        EntryKind.SETTLED,
    ]
    event = Event.objects.filter(subject_kind="closed_month").get()
    assert (event.by, event.facts["closing_fen"]) == (by, 988)


def test_a_closed_month_cannot_change_and_what_comes_late_is_named_in_the_next(by):
    first = make_paid()
    take_bill(trade_of(first), day=day_of(AT))
    closed = close(by)
    # A payment of November that the portal learns of in December.
    late = make_payment(card_request=make_payable(at=AT))
    confirm(late, at=AT + timedelta(hours=3))
    assert booking.next_to_close("sandbox") == NEXT
    january = start_of(date(2027, 1, 2))
    following = close(by, month=NEXT, at=january)
    closed.refresh_from_db()
    assert closed.closing_fen == 994
    assert (following.opening_fen, following.paid_fen, following.closing_fen) == (994, 1000, 1994)
    entry = following.entries.get()
    assert (entry.payment, entry.is_late) == (late, True)
    with pytest.raises(DatabaseError), transaction.atomic():
        ClosedMonth.objects.filter(pk=closed.pk).update(paid_fen=1, closing_fen=-5)
    with pytest.raises(DatabaseError), transaction.atomic():
        BookedEntry.objects.all().delete()
    assert refused("closed", by, month=MONTH)


def test_a_month_is_closed_when_it_is_over_and_all_its_bills_are_there(by):
    paid = make_paid()
    assert "没有过完" in refused("not_over", by, at=start_of(date(2026, 11, 30)))
    assert in_words(day_of(AT)) in refused("bills", by)
    services.expect(gateway="sandbox", day=date(2026, 11, 29), by=None, at=AFTER)
    take_bill(trade_of(paid), day=day_of(AT))
    assert in_words(date(2026, 11, 29)) in refused("bills", by)
    DailyBill.objects.filter(day=date(2026, 11, 29)).get()
    services.find_empty(bill=DailyBill.objects.waiting().get(), at=AFTER)
    refused("order", by, month=NEXT, at=AFTER + timedelta(days=60))
    assert close(by).paid_fen == 1000


def test_a_sum_that_changed_meanwhile_is_shown_again(by):
    paid = make_paid()
    take_bill(trade_of(paid), day=day_of(AT))
    with pytest.raises(Refused, match="changed"):
        closing.close(gateway="sandbox", month=MONTH, shown_fen=1, by=by, at=AFTER)
    assert not ClosedMonth.objects.exists()


def test_open_differences_are_named_on_the_closing(by):
    paid = make_paid()
    take_bill(trade_of(paid, amount_fen=900), day=day_of(AT))
    assert Discrepancy.objects.get().kind == DiscrepancyKind.BILL_AMOUNT
    assert close(by).open_differences == 1


def test_what_a_notification_told_counts_among_the_differences_of_its_month(by):
    paid = make_paid()
    take_bill(trade_of(paid), day=day_of(AT))
    part = GatewayReport(
        paid.reference,
        state=TradeState.PAID,
        trade_number=paid.trade_number,
        amount_fen=paid.amount_fen,
        refunded_fen=400,
    )
    settlement.apply(part, payment=paid, at=AT + timedelta(days=1))
    found = Discrepancy.objects.get()
    assert (found.kind, found.bill_day) == (DiscrepancyKind.PARTLY_REFUNDED, None)
    assert close(by).open_differences == 1
    assert list(booking.differences_of("sandbox", MONTH)) == [found]
    assert not booking.differences_of("sandbox", NEXT).exists()


def test_a_month_stands_beside_its_bills(by):
    paid = make_paid()
    take_bill(trade_of(paid, amount_fen=900), day=day_of(AT))
    closed = close(by)
    received, refunded, fee = booking.beside_bills(closed.sums, gateway="sandbox", month=MONTH)
    assert (received.booked_fen, received.billed_fen, received.more_fen) == (1000, 900, 100)
    assert refunded.more_fen == fee.more_fen == 0
    (found,) = booking.differences_of("sandbox", MONTH)
    assert found.kind == DiscrepancyKind.BILL_AMOUNT


@pytest.mark.parametrize(
    ("day", "month"),
    [(date(2026, 1, 1), date(2026, 2, 1)), (date(2026, 12, 1), date(2027, 1, 1))],
)
def test_months_follow_each_other_over_the_year(day, month):
    assert booking.following(day) == month


def test_a_month_belongs_to_beijing():
    from_utc = datetime.fromisoformat("2026-10-31T16:30:00+00:00")
    assert booking.month_of(from_utc) == MONTH
    assert Payment.objects.count() == 0
