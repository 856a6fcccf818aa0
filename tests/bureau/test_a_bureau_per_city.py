"""Another bureau makes the cards of some cities: settings, and no line of code."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from apps.bureau import applying, production, tasks
from apps.bureau.adapters import order_file, report_file
from apps.bureau.applying import OTHER_BUREAU
from apps.bureau.models import BureauReport, ProductionBatch, ProductionOrder, SimulatedJob
from apps.bureau.port import BureauUnavailable
from apps.cards.enums import RequestStatus
from apps.desk import roles
from tests.bureau.conftest import PORTRAIT
from tests.factories.bureau import HEARD, LATER, made, put_report
from tests.factories.cards import COMPLETE, make_request
from tests.factories.people import make_colleague
from tests.factories.regions import make_city

pytestmark = pytest.mark.django_db

QINGDAO = "370200"
FILES = "apps.bureau.adapters.files.FilesBureau"


@pytest.fixture
def further(settings, tmp_path):
    """(out, in) of the bureau of 青岛; the simulated one makes the cards of all other cities."""
    folders = tmp_path / "qd-out", tmp_path / "qd-in"
    settings.CITY_BUREAUS = {QINGDAO: "青岛"}
    settings.FURTHER_BUREAUS = {"青岛": FILES}
    settings.FURTHER_BUREAU_DIRS = {"青岛": [str(folder) for folder in folders]}
    folders[1].mkdir()
    default_storage.save(COMPLETE["portrait"], ContentFile(PORTRAIT))
    yield folders
    default_storage.delete(COMPLETE["portrait"])


@pytest.fixture
def orders(further):
    """An order of 济南 and one of 青岛, each with its bureau."""
    make_request(RequestStatus.APPROVED)
    make_request(RequestStatus.APPROVED, city=make_city(QINGDAO, "青岛市"))
    production.make_batches(at=LATER, limit=100)
    assert production.submit_batches(at=LATER, limit=100) == 2
    return [ProductionOrder.objects.get(card_request__city=city) for city in ("370100", QINGDAO)]


def test_a_batch_holds_the_orders_of_one_bureau(orders, further):
    jinan, qingdao = orders
    assert (jinan.batch.bureau, qingdao.batch.bureau) == ("main", "青岛")
    assert SimulatedJob.objects.get().order_reference == jinan.reference
    path = further[0] / qingdao.batch.reference / order_file.ORDERS
    [row] = csv.DictReader(io.StringIO(path.read_text("utf-8")))
    assert (row["order_reference"], row["city_code"]) == (qingdao.reference, QINGDAO)


def test_reports_are_read_from_each(orders, further):
    jinan, qingdao = orders
    put_report(
        further[1], "a.csv", report_file.write([made(qingdao, card_number="B00000001")]), at=HEARD
    )
    production.fetch_reports(at=HEARD)
    applying.apply_due(at=HEARD)
    for order in orders:
        order.card_request.refresh_from_db()
        assert order.card_request.card is not None
    assert jinan.card_request.status == RequestStatus.DISPATCHED
    assert qingdao.card_request.status == RequestStatus.PRODUCED


def test_no_bureau_reports_on_the_orders_of_another(orders, further):
    jinan, _ = orders
    stolen = made(jinan, card_number="B00000009", suffix="-QD")
    put_report(further[1], "a.csv", report_file.write([stolen]), at=HEARD)
    production.fetch_reports(at=HEARD)
    applying.apply_due(at=HEARD)
    assert BureauReport.objects.get(reference=stolen.reference).error == OTHER_BUREAU
    jinan.card_request.refresh_from_db()
    assert jinan.card_request.card.card_number != "B00000009"


def test_a_bureau_that_is_away_never_stops_the_other(orders, further, monkeypatch):
    jinan, _ = orders

    class Away:
        def fetch(self, *, at):
            raise BureauUnavailable("制卡中心没有应答")

    get = production.get_bureau
    monkeypatch.setattr(
        production, "get_bureau", lambda name: Away() if name == "青岛" else get(name)
    )
    assert production.fetch_reports(at=HEARD)[0] == 1


def test_a_batch_keeps_its_bureau_when_the_cities_are_shared_out_anew(further, settings):
    make_request(RequestStatus.APPROVED, city=make_city(QINGDAO, "青岛市"))
    [batch] = production.make_batches(at=LATER, limit=100)
    settings.CITY_BUREAUS, settings.FURTHER_BUREAUS = {}, {}
    assert production.submit_batches(at=LATER, limit=100) == 0
    batch.refresh_from_db()
    assert batch.bureau == "青岛"
    assert "没有配置「青岛」" in batch.last_error


def test_the_desk_says_which_bureau_has_a_batch(client, orders):
    client.force_login(make_colleague(roles.SUPERVISOR))
    for order in orders:
        url = reverse("admin:bureau_productionbatch_change", args=[order.batch.reference])
        page = client.get(url)
        assert ("青岛制卡中心" in page.content.decode()) is (order is orders[1])


def test_the_task_serves_every_bureau(further, settings):
    settings.DECISION_UNDO_WINDOW = timedelta(0)
    make_request(RequestStatus.APPROVED)
    make_request(RequestStatus.APPROVED, city=make_city(QINGDAO, "青岛市"))
    tasks.advance_production()
    assert {batch.bureau for batch in ProductionBatch.objects.all()} == {"main", "青岛"}
    tasks.forget()
