"""An address that was changed after its order had left is told to the bureau, or to the desk."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from apps.bureau import production
from apps.bureau.models import ProductionOrder
from apps.cards.enums import RequestStatus
from apps.desk import roles
from tests.factories.bureau import LATER, hear, made, sent
from tests.factories.payments import make_addressed, make_shipment
from tests.factories.people import make_colleague

pytestmark = pytest.mark.django_db

CHANGED = LATER + timedelta(hours=5)
TOLD = CHANGED + timedelta(minutes=1)


def readdressed():
    card_request = make_addressed(RequestStatus.APPROVED)
    production.make_batch(at=LATER, limit=1)
    production.submit_batches(at=LATER, limit=1)
    assert not ProductionOrder.objects.readdressed().exists()
    make_shipment(card_request, at=CHANGED, recipient="李四")
    return ProductionOrder.objects.get()


def desk_page(client, order):
    client.force_login(make_colleague(roles.SUPERVISOR))
    page = reverse("admin:bureau_productionbatch_change", args=[order.batch.reference])
    return client.get(page).content.decode()


def test_a_bureau_of_files_gets_the_new_address_once(folders, client):
    order = readdressed()
    assert production.tell_addresses(at=TOLD, limit=10) == 1
    assert production.tell_addresses(at=TOLD + timedelta(minutes=1), limit=10) == 0
    [folder] = folders[0].glob(f"{order.reference}-*")
    [row] = csv.DictReader(io.StringIO((folder / "address.csv").read_text("utf-8")))
    assert (row["order_reference"], row["recipient"]) == (order.reference, "李四")
    assert "id_number" not in row
    assert (folder / "manifest.json").exists()
    assert "已发更正文件给制卡中心" in desk_page(client, order)


def test_where_the_bureau_takes_none_the_desk_is_told(client):
    order = readdressed()
    assert production.tell_addresses(at=TOLD, limit=10) == 0
    assert "制卡中心还不知道，请电话告知" in desk_page(client, order)
    start = client.get(reverse("admin:index")).content.decode()
    assert "1 张的收件信息送出后改过" in start
    hear(made(order), sent(order))
    assert not ProductionOrder.objects.readdressed().exists()
