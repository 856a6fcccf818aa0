"""Where a card went is forgotten with the rest of its request."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from apps.cards.enums import RequestStatus
from apps.common.moments import kept_until
from apps.delivery import retention
from apps.delivery.enums import DeliveryMethod
from apps.delivery.models import Shipment
from tests.factories.cards import AT, make_request, withdraw
from tests.factories.payments import make_shipment
from tests.factories.regions import let_the_unit_collect

pytestmark = pytest.mark.django_db

END = AT + timedelta(hours=1)
DUE = kept_until(END, settings.DATA_RETENTION)
TICK = timedelta(seconds=1)
MAILED_TO = ("recipient", "phone", "address", "postcode")


def shipped(*, ended=True, **options):
    card_request = make_request(RequestStatus.SUBMITTED)
    make_shipment(card_request, **options)
    if ended:
        withdraw(card_request, at=END)
    return Shipment.objects.get(card_request=card_request)


@pytest.mark.parametrize("method", DeliveryMethod)
def test_the_address_goes_after_its_time_and_not_before(method):
    let_the_unit_collect()
    branch = {DeliveryMethod.PICKUP: "历下支行", DeliveryMethod.UNIT: ""}
    shipment = shipped(method=method, **({"branch": branch[method]} if method in branch else {}))
    before = (shipment.method, shipment.city, shipment.tier, shipment.postage_fen)
    assert retention.forget_shipments(at=DUE - TICK, limit=10) == 0
    assert retention.forget_shipments(at=DUE, limit=10) == 1
    shipment.refresh_from_db()
    assert [getattr(shipment, name) for name in (*MAILED_TO, "branch")] == [""] * 5
    assert (shipment.county, shipment.forgotten_at) == (None, DUE)
    assert (shipment.method, shipment.city, shipment.tier, shipment.postage_fen) == before


def test_a_second_run_changes_nothing():
    shipment = shipped()
    retention.forget_shipments(at=DUE, limit=10)
    assert retention.forget_shipments(at=DUE + timedelta(days=1), limit=10) == 0
    shipment.refresh_from_db()
    assert shipment.forgotten_at == DUE


def test_a_card_that_is_on_its_way_keeps_its_address():
    shipment = shipped(ended=False)
    assert retention.forget_shipments(at=DUE + timedelta(days=999), limit=10) == 0
    shipment.refresh_from_db()
    assert all(getattr(shipment, name) for name in MAILED_TO)


def test_one_run_takes_no_more_than_its_limit():
    for _ in range(3):
        shipped()
    assert [retention.forget_shipments(at=DUE, limit=2) for _ in range(3)] == [2, 1, 0]


@pytest.mark.parametrize("values", [{"phone": "13800138000"}, {"forgotten_at": None}])
def test_the_database_keeps_forgotten_ones_empty_and_the_others_filled(values):
    shipment = shipped()
    retention.forget_shipments(at=DUE, limit=10)
    with pytest.raises(IntegrityError), transaction.atomic():
        Shipment.objects.filter(pk=shipment.pk).update(**values)


def test_the_page_of_the_request_says_that_the_address_is_deleted(client):
    shipment = shipped()
    client.force_login(shipment.saved_by)
    retention.forget_shipments(at=DUE, limit=10)
    page = client.get(shipment.card_request.get_absolute_url()).content.decode()
    assert "收件信息已按约定删除" in page
