"""An address that was changed after its order had left is told to the bureau, or to the desk."""

import csv
import io
from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.urls import reverse

from apps.bureau import production, readdressing
from apps.bureau.enums import AddressAction
from apps.bureau.event_kinds import ADDRESS
from apps.bureau.models import ProductionOrder
from apps.cards.enums import RequestStatus
from apps.desk import roles
from apps.events.models import Event
from apps.notices import services as notices
from apps.notices.models import Notice
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


def actions(order):
    about = Event.objects.about(ADDRESS, order).order_by("pk")
    assert {event.reference for event in about} <= {order.reference}
    return [event.action for event in about]


def desk_page(client, order):
    client.force_login(make_colleague(roles.SUPERVISOR))
    page = reverse("admin:bureau_productionbatch_change", args=[order.batch.reference])
    return client.get(page).content.decode()


def test_a_bureau_of_files_gets_the_new_address_once(folders, client):
    order = readdressed()
    assert readdressing.tell_addresses(at=TOLD, limit=10) == 1
    assert readdressing.tell_addresses(at=TOLD + timedelta(minutes=1), limit=10) == 0
    [folder] = folders[0].glob(f"{order.reference}-*")
    [row] = csv.DictReader(io.StringIO((folder / "address.csv").read_text("utf-8")))
    assert (row["order_reference"], row["recipient"]) == (order.reference, "李四")
    assert "id_number" not in row
    assert (folder / "manifest.json").exists()
    assert "已发更正文件给制卡中心" in desk_page(client, order)
    assert actions(order) == [AddressAction.CHANGE, AddressAction.SEND]


def test_what_left_with_a_worker_that_was_killed_then_has_the_address_of_that_time(
    folders, monkeypatch
):
    card_request = make_addressed(RequestStatus.APPROVED)
    production.make_batch(at=LATER, limit=1)
    with monkeypatch.context() as patched:
        patched.setattr(production.engine, "move", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            production.submit_batches(at=LATER, limit=1)
    make_shipment(card_request, at=CHANGED, recipient="李四")
    production.submit_batches(at=TOLD, limit=1)
    order = ProductionOrder.objects.get()
    left = (folders[0] / order.batch.reference / "orders.csv").read_text("utf-8")
    assert "李四" not in left, "the bureau may have read it: it stays as it is"
    assert readdressing.tell_addresses(at=TOLD + timedelta(minutes=1), limit=10) == 1
    [folder] = folders[0].glob(f"{order.reference}-*")
    assert "李四" in (folder / "address.csv").read_text("utf-8")


def test_a_change_is_on_record_once_and_the_next_one_again(client):
    order = readdressed()
    for minutes in (1, 2):
        readdressing.tell_addresses(at=CHANGED + timedelta(minutes=minutes), limit=10)
    assert actions(order) == [AddressAction.CHANGE]
    later = CHANGED + timedelta(hours=1)
    make_shipment(order.card_request, at=later, recipient="王五")
    readdressing.tell_addresses(at=later + timedelta(minutes=1), limit=10)
    assert actions(order) == [AddressAction.CHANGE] * 2
    client.force_login(make_colleague(roles.AUDITOR))
    book = client.get(reverse("admin:events_event_changelist")).content.decode()
    assert "送制后收件信息改过" in book
    assert order.reference in book


@pytest.mark.parametrize("takes_files", [True, False])
def test_who_works_on_the_batches_is_told(client, takes_files, request):
    if takes_files:
        request.getfixturevalue("folders")
    operator, reviewer = make_colleague(roles.SUPERVISOR), make_colleague(roles.REVIEWER)
    order = readdressed()
    readdressing.tell_addresses(at=TOLD, limit=10)
    notices.collect(at=TOLD, limit=10)
    notices.send_due(at=TOLD, limit=10)
    told = Notice.objects.filter(event__subject_kind=ADDRESS.name)
    assert set(told.values_list("recipient", flat=True)) == {operator.pk}
    client.force_login(operator)
    inbox = client.get(reverse("home:messages")).content.decode()
    assert order.batch.reference in inbox
    assert order.card_request.reference in inbox
    assert ("不用您做什么" if takes_files else "电话告知制卡中心") in inbox
    assert reverse("progress:detail", args=[order.card_request.reference]) not in inbox
    client.force_login(reviewer)
    assert order.batch.reference not in client.get(reverse("home:messages")).content.decode()


def test_a_call_is_on_record_and_the_desk_has_nothing_to_tell_any_more(client):
    order = readdressed()
    readdressing.tell_addresses(at=TOLD, limit=10)
    assert "已电话告知" in desk_page(client, order)
    called = reverse("admin:bureau_productionbatch_called", args=[order.reference])
    make_shipment(order.card_request, at=TOLD, recipient="王五")
    page = client.post(called, {"saved_at": CHANGED.isoformat()}, follow=True).content.decode()
    assert "又改过，您告知的可能是前一个，所以没有记下" in page
    shown = {"saved_at": page.split('name="saved_at" value="')[1].split('"')[0]}
    page = client.post(called, shown, follow=True).content.decode()
    assert "已记下" in page
    assert "已电话告知制卡中心（" in page
    assert actions(order) == [AddressAction.CHANGE, AddressAction.PHONE]
    start = client.get(reverse("admin:index")).content.decode()
    assert "收件信息送出后改过" not in start
    assert "可能已由别人告知" in client.post(called, shown, follow=True).content.decode()
    assert len(actions(order)) == 2


def test_an_auditor_records_no_call(client):
    order = readdressed()
    client.force_login(make_colleague(roles.AUDITOR))
    called = reverse("admin:bureau_productionbatch_called", args=[order.reference])
    assert client.post(called).status_code == 403


def test_where_the_bureau_takes_none_the_desk_is_told(client):
    order = readdressed()
    assert readdressing.tell_addresses(at=TOLD, limit=10) == 0
    assert "制卡中心还不知道，请电话告知" in desk_page(client, order)
    start = client.get(reverse("admin:index")).content.decode()
    assert "1 张的收件信息送出后改过" in start
    assert actions(order) == [AddressAction.CHANGE]
    hear(made(order), sent(order))
    assert not ProductionOrder.objects.readdressed().exists()
