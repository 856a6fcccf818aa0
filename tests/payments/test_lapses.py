"""What nobody pays lapses at the end of its last day, and its order is closed first."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.common.refusals import Refused
from apps.lifecycle import sweep
from apps.lifecycle.models import Setback
from apps.payments import sweeps
from apps.payments.enums import PaymentStatus
from apps.waiting.standing import standing
from tests.factories.cards import (
    make_request,
)
from tests.factories.payments import (
    make_payable,
    make_payment,
    start,
)
from tests.payments.test_sweeps import SUCCESS, statuses

pytestmark = pytest.mark.django_db

# So long after now, the last day of what was begun `UNPAID_LAPSE` ago is over at any hour: a minute
# before midnight it is submitted on the next day.
OVER = timedelta(days=2)


@pytest.fixture
def now():
    return timezone.now()


@pytest.mark.parametrize(
    "submitted",
    [datetime(2026, 11, 21, 16, 4, tzinfo=UTC), datetime(2026, 11, 22, 15, 58, tzinfo=UTC)],
)
def test_what_nobody_pays_lapses_at_the_end_of_the_day_that_the_page_names(submitted):
    """Submitted on 22 November in Beijing, at five past midnight or just before the next one."""
    card_request = make_request(RequestStatus.SUBMITTED, at=submitted)
    midnight = datetime(2026, 11, 29, 16, tzinfo=UTC)
    moment = midnight - timedelta(seconds=1)
    named = standing(card_request, shipment=None, at=moment).by_when
    assert named.endswith("11月29日（周日）24:00 前办理")
    assert sweeps.close_unpaid(at=moment, limit=10) == 0
    assert sweeps.close_unpaid(at=midnight, limit=10) == 1
    card_request.refresh_from_db()
    assert card_request.status == RequestStatus.LAPSED
    assert card_request.events.get(action=RequestAction.LAPSE).due_at == midnight


def test_a_lapse_closes_the_order_first(now, at_cashier):
    card_request = make_payable(at=now - settings.UNPAID_LAPSE)
    payment, url = start(card_request, at=now)
    at_cashier(url)
    sweeps.close_unpaid(at=now + OVER, limit=10)
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.CLOSED
    assert CardRequest.objects.get().status == RequestStatus.LAPSED


def test_a_lapse_that_finds_the_order_paid_accepts_the_money(now, client, at_cashier):
    card_request = make_payable(at=now - settings.UNPAID_LAPSE)
    _, url = start(card_request, at=now)
    client.post(at_cashier(url), SUCCESS)
    sweeps.close_unpaid(at=now + OVER, limit=10)
    assert CardRequest.objects.get().status == RequestStatus.PAID
    assert statuses() == {PaymentStatus.PAID}


def test_orders_that_were_not_closed_yet_are_closed_by_the_next_sweep(now):
    late = [make_payable(at=now - settings.UNPAID_LAPSE) for _ in range(2)]
    for card_request in late:
        start(card_request, at=now)
    later = now + OVER
    assert [sweeps.close_unpaid(at=later, limit=1) for _ in range(3)] == [1, 1, 0]


def test_a_request_that_cannot_lapse_keeps_its_reason_and_the_others_go(now, monkeypatch):
    late = [make_payable(at=now - timedelta(days=9)) for _ in range(4)]
    answers = sweeps._without_order

    def one_is_ordered(requests):
        why = Refused("这件申请刚刚下了支付订单，等订单关闭。", code="running_order")
        return answers(requests) | {late[2].pk: why}

    monkeypatch.setattr(sweeps, "_without_order", one_is_ordered)
    assert sweeps.close_unpaid(at=now, limit=10) == 3
    assert Setback.objects.get().subject_id == late[2].pk
    assert sweeps.close_unpaid(at=now, limit=10) == 0
    monkeypatch.undo()
    assert sweeps.close_unpaid(at=now + timedelta(minutes=10), limit=10) == 1
    assert not Setback.objects.exists()


def test_a_sweep_of_lapses_that_dies_is_followed_by_another(now, monkeypatch):
    monkeypatch.setattr(sweep, "CHUNK", 2)
    for _ in range(4):
        make_payable(at=now - timedelta(days=9))
    answers, calls = sweeps._without_order, []

    def die(requests):
        calls.append(requests)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return answers(requests)

    with monkeypatch.context() as patch:
        patch.setattr(sweeps, "_without_order", die)
        with pytest.raises(KeyboardInterrupt):
            sweeps.close_unpaid(at=now, limit=10)
    assert CardRequest.objects.filter(status=RequestStatus.LAPSED).count() == 2
    assert sweeps.close_unpaid(at=now, limit=10) == 2


def test_a_silent_gateway_delays_the_lapse_and_nobody_else_s(now, line):
    held = make_payable(at=now - settings.UNPAID_LAPSE)
    make_payment(card_request=held, at=now)
    other = make_request(RequestStatus.SUBMITTED, at=now - settings.UNPAID_LAPSE)
    line.is_cut = True
    assert sweeps.close_unpaid(at=now + OVER, limit=1) == 1
    held.refresh_from_db()
    other.refresh_from_db()
    assert (held.status, other.status) == (RequestStatus.SUBMITTED, RequestStatus.LAPSED)
