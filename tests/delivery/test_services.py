"""Saving and changing where the card goes."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.cards.permissions import NotYours
from apps.common.moments import day_of
from apps.delivery import policies, services
from apps.delivery.enums import DeliveryMethod, Tier
from apps.delivery.models import Shipment
from tests.factories.cards import (
    AT,
    accept,
    approve,
    ask,
    dispatch,
    make_request,
    pay,
    produce,
)
from tests.factories.payments import make_shipment
from tests.factories.people import make_holder, make_ward
from tests.factories.regions import change_rule, make_city, make_county

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=1)


@pytest.fixture
def request_():
    return make_request(RequestStatus.SUBMITTED)


def zibo():
    return make_city("370300", "淄博市")


def after(request_, *steps):
    """The request with an address in 济南市 (10 yuan), moved on by `steps`."""
    make_shipment(request_)
    for step in steps:
        step(request_, at=AT + timedelta(minutes=30))
    return request_


PAID = (pay,)
APPROVED = (pay, accept, approve)


def test_the_postage_is_that_of_the_rule_in_force_at_the_submission(request_):
    change_rule(request_.city, day=day_of(LATER), postage_same_city_fen=1100)
    shipment = make_shipment(request_, at=LATER + timedelta(days=1))
    assert (shipment.tier, shipment.postage_fen) == (Tier.SAME_CITY, 1000)


def test_before_the_payment_anything_may_change(request_):
    make_shipment(request_)
    assert make_shipment(request_, city=zibo()).postage_fen == 1200
    shipment = make_shipment(request_, method=DeliveryMethod.PICKUP, branch="历下支行")
    assert (shipment.postage_fen, shipment.recipient, shipment.city) == (0, "", None)
    assert make_shipment(request_).branch == ""
    assert Shipment.objects.count() == 1


@pytest.mark.parametrize("steps", [PAID, (pay, accept), (pay, accept, ask), APPROVED])
def test_after_the_payment_the_address_may_change_within_its_tier(request_, steps):
    card_request = after(request_, *steps)
    other = make_county("370103", "市中区")
    shipment = make_shipment(card_request, county=other, address="经十路1号", at=LATER)
    assert (shipment.county, shipment.address) == (other, "经十路1号")
    assert (shipment.saved_at, shipment.saved_by) == (LATER, card_request.applicant)


def test_what_was_paid_stays_when_the_tariff_changes_meanwhile(request_):
    card_request = after(request_, *PAID)
    change_rule(card_request.city, day=day_of(LATER), postage_same_city_fen=2000)
    shipment = make_shipment(CardRequest.objects.get(), address="经十路1号", at=LATER)
    assert shipment.postage_fen == 1000


def test_after_the_payment_another_tier_is_refused_with_the_reason(request_):
    card_request = after(request_, *PAID)
    with pytest.raises(services.PostageDiffers) as refusal:
        make_shipment(card_request, city=zibo(), at=LATER)
    assert "已按「同城」支付" in refusal.value.message
    assert "新地址属于「省内」" in refusal.value.message
    assert Shipment.objects.get().tier == Tier.SAME_CITY


def test_after_the_payment_mail_does_not_become_pickup_nor_the_other_way(request_):
    card_request = after(request_, *PAID)
    with pytest.raises(services.PostageDiffers):
        make_shipment(card_request, method=DeliveryMethod.PICKUP, branch="历下支行", at=LATER)

    collecting = make_request(RequestStatus.SUBMITTED)
    make_shipment(collecting, method=DeliveryMethod.PICKUP, branch="历下支行")
    pay(collecting, at=LATER)
    with pytest.raises(services.PostageDiffers):
        make_shipment(collecting, at=LATER)
    assert make_shipment(
        collecting, method=DeliveryMethod.PICKUP, branch="市中支行", at=LATER
    ).branch


@pytest.mark.parametrize("steps", [(*APPROVED, produce), (*APPROVED, produce, dispatch)])
def test_once_the_card_is_made_nothing_changes(request_, steps):
    card_request = after(request_, *steps)
    with pytest.raises(policies.TooLateToChange) as refusal:
        make_shipment(card_request, address="经十路1号", at=LATER)
    assert card_request.get_status_display() in refusal.value.message
    assert Shipment.objects.get().address == "共青团西路88号"


@pytest.mark.parametrize(
    "status", [RequestStatus.DRAFT, RequestStatus.WITHDRAWN, RequestStatus.LAPSED]
)
def test_before_the_submission_and_after_the_end_there_is_no_address(status):
    with pytest.raises(policies.TooLateToChange):
        make_shipment(make_request(status))
    assert not Shipment.objects.exists()


def test_a_stale_row_in_memory_does_not_open_a_paid_request(request_):
    make_shipment(request_)
    stale = CardRequest.objects.get()
    pay(request_, at=LATER)
    with pytest.raises(services.PostageDiffers):
        make_shipment(stale, city=zibo(), at=LATER)


def test_only_the_holder_and_the_guardian_save_and_see(request_):
    stranger = make_holder().user
    with pytest.raises(NotYours):
        make_shipment(request_, by=stranger)
    shipment = make_shipment(request_)
    assert Shipment.objects.visible_to(request_.applicant, at=AT).get() == shipment
    assert not Shipment.objects.visible_to(stranger, at=AT).exists()


def test_a_guardian_saves_for_the_child():
    guardian = make_holder()
    card_request = make_request(
        RequestStatus.SUBMITTED, holder=make_ward(guardian), by=guardian.user
    )
    assert make_shipment(card_request).saved_by == guardian.user


def test_name_phone_and_address_are_not_to_be_read_in_the_database(request_):
    make_shipment(request_, recipient="欧阳春晓", phone="13912345678", address="学府路7号")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM delivery_shipment")
        stored = str(cursor.fetchall())
    for text in ("欧阳春晓", "13912345678", "学府路7号"):
        assert text not in stored


@pytest.mark.parametrize(
    "change",
    [
        {"recipient": ""},
        {"phone": ""},
        {"address": ""},
        {"city": None},
        {"province": None},
        {"branch": "历下支行"},
        {"tier": Tier.FREE},
        {"method": DeliveryMethod.PICKUP},
    ],
)
def test_the_database_binds_the_fields_to_the_method(request_, change):
    shipment = make_shipment(request_)
    for name, value in change.items():
        setattr(shipment, name, value)
    with pytest.raises(ValidationError, match="邮寄要填写"):
        shipment.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        shipment.save()


def test_a_pickup_has_a_branch_and_costs_nothing(request_):
    shipment = make_shipment(request_, method=DeliveryMethod.PICKUP, branch="历下支行")
    for name, value in {"branch": "", "postage_fen": 1000, "phone": "13800138000"}.items():
        broken = Shipment.objects.get()
        setattr(broken, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            broken.save()
    assert str(shipment) == f"收件信息 #{shipment.pk}"
