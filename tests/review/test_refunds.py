"""What was paid for a rejected request goes back, once nobody can recall the rejection."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.bulk import checks, working
from apps.bulk import services as bulk
from apps.bulk.enums import BulkAction
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.payments import services as payments
from apps.payments import settlement, sweeps
from apps.payments.enums import PaymentStatus
from apps.payments.models import Payment
from apps.requests.policies import settled_after
from tests.factories.cards import AT, accept, make_request
from tests.factories.parcels import make_parcel
from tests.review.steps import claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(db):
    """A request that waits for review, its postage paid at the gateway."""
    card_request = make_request(RequestStatus.SUBMITTED)
    make_parcel(card_request)
    at = AT + timedelta(minutes=5)
    started = payments.start(
        card_request=card_request,
        amount_fen=1000,
        subject="邮寄费",
        by=card_request.applicant,
        at=at,
    )
    settlement.confirm(
        payment=started.payment, trade_number="T1", amount_fen=1000, paid_at=at, at=at
    )
    card_request.refresh_from_db()
    accept(card_request, at=at)
    return card_request


def reject_by(desk, card_request):
    address = reverse("admin:cards_cardrequest_reject", args=[card_request.reference])
    moment = card_request.status_since.isoformat()
    claim(desk, card_request)
    return desk.post(address, {"reject-reason": "照片不是本人", "reject-status_since": moment})


def begin_refunds():
    since = CardRequest.objects.get().status_since
    return sweeps.begin_refunds(at=since + settled_after())


def test_a_rejection_sets_the_paid_postage_on_its_way_back(desk, paid):
    reject_by(desk, paid)
    assert Payment.objects.get().status == PaymentStatus.PAID
    assert begin_refunds() == 1
    payment = Payment.objects.get()
    assert payment.status == PaymentStatus.REFUNDING
    assert payment.refund_reason == "审核不通过"


def test_a_rejection_without_a_payment_refunds_nothing(desk):
    card_request = make_request(RequestStatus.ACCEPTED)
    reject_by(desk, card_request)
    assert CardRequest.objects.get().status == RequestStatus.REJECTED
    assert not Payment.objects.exists()


def test_the_case_page_shows_the_order_and_what_became_of_it(desk, paid):
    reject_by(desk, paid)
    begin_refunds()
    address = reverse("admin:cards_cardrequest_change", args=[paid.reference])
    page = desk.get(address).content.decode()
    assert f"{Payment.objects.get().reference} · 10.00 元 · 退款中" in page


def test_a_rejection_in_bulk_sends_the_postage_back(reviewer, paid):
    at = paid.status_since + timedelta(hours=1)
    rows = CardRequest.objects.filter(pk=paid.pk).select_related(*checks.RELATED)
    run = bulk.prepare(
        requests=list(rows),
        action=BulkAction.REJECT,
        what={"reason": "已经离职"},
        chosen="",
        by=reviewer,
        at=at,
    )
    bulk.start(run=run, by=reviewer, at=at)
    assert working.work_off(at=at, limit=10) == 1
    assert begin_refunds() == 1
    payment = Payment.objects.get()
    assert payment.status == PaymentStatus.REFUNDING
    assert payment.refund_reason == "审核不通过"
