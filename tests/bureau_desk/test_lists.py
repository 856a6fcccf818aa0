"""Who reads and who acts at the bureau's desk, and what its lists cost."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from apps.bureau.models import BureauFile, QuarantinedLine, ReportUpload
from apps.bureau_desk import lists
from apps.desk import roles
from tests.bureau_desk.pages import text, url
from tests.factories.bureau import (
    csv_lines,
    hear,
    line_of,
    made,
    make_orders,
    receive,
)
from tests.factories.people import make_colleague

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def pages():
    [order] = make_orders(1)
    file = receive(csv_lines("broken", line_of(made(order))))
    line = QuarantinedLine.objects.get()
    kept = ReportUpload.objects.create(
        name="x.csv",
        content=csv_lines("y").decode("latin-1"),
        uploaded_at=timezone.now(),
        uploaded_by=make_colleague(roles.SUPERVISOR),
    )
    read = [
        url("productionbatch_changelist"),
        url("productionbatch_change", order.batch.reference),
        url("bureaureport_changelist"),
        url("bureaufile_changelist"),
        url("bureaufile_change", file.reference),
        url("quarantinedline_changelist"),
        url("quarantinedline_change", line.reference),
    ]
    act = [
        url("productionbatch_retry", order.batch.reference),
        url("bureaureport_retry", made(order).reference),
        url("bureaufile_upload"),
        url("bureaufile_confirm", kept.reference),
        url("bureaufile_discard", kept.reference),
        url("quarantinedline_correct", line.reference),
        url("quarantinedline_dismiss", line.reference),
    ]
    return read, act


@pytest.mark.parametrize("role", [roles.REVIEWER, roles.AUDITOR, roles.SUPERVISOR])
def test_readers_read_and_only_supervisors_act(client, role):
    read, act = pages()
    client.force_login(make_colleague(role))
    assert {client.get(address).status_code for address in read} == {200}
    answers = {client.post(address).status_code for address in act}
    if role == roles.SUPERVISOR:
        assert answers <= {200, 302, 404}
    else:
        assert answers == {403}
        shown = "".join(text(client.get(address)) for address in read)
        assert not any(word in shown for word in ("立即再试", "上传回盘文件", "重新登记</button>"))


def test_the_administrator_of_accounts_sees_nothing_of_the_bureau(client):
    read, act = pages()
    client.force_login(make_colleague(roles.ADMINISTRATOR))
    assert {client.get(address).status_code for address in read} == {403}
    assert {client.post(address).status_code for address in act} == {403}


@pytest.mark.parametrize(
    "query",
    [
        {"after": "x"},
        {"after": "9" * 30},
        {"sort": "x"},
        {"state": "no"},
        {"q": "\x00"},
        {"direction": "no"},
    ],
)
def test_a_bad_parameter_shows_the_list_from_its_beginning(client, supervisor, query):
    read, _ = pages()
    for address in read:
        assert client.get(address, query).status_code == 200


def test_an_unknown_reference_is_not_found(client, supervisor):
    for name in ("productionbatch_change", "bureaufile_change", "bureaufile_preview"):
        assert client.get(url(name, "NOSUCH")).status_code == 404
    assert client.get(url("quarantinedline_change", "NOSUCH")).status_code == 404


def fill(number):
    orders = [make_orders(1)[0] for _ in range(number)]
    for place, order in enumerate(orders):
        hear(made(order, card_number=f"B{place + number:08d}"))
        receive(csv_lines(f"broken {order.reference}"))


def test_6_rows_cost_as_many_queries_as_2(client, supervisor, django_assert_num_queries):
    names = [
        "productionbatch_changelist",
        "bureaureport_changelist",
        "bureaufile_changelist",
        "quarantinedline_changelist",
    ]
    fill(2)
    counts = {}
    for name in names:
        with django_assert_num_queries(10, exact=False) as counts[name]:
            client.get(url(name))
    fill(4)
    for name in names:
        with django_assert_num_queries(len(counts[name])):
            client.get(url(name))


def test_a_long_list_goes_on_behind_a_cursor(client, supervisor, monkeypatch):
    monkeypatch.setattr(lists, "SIZE", 2)
    for number in range(3):
        receive(csv_lines(f"broken {number}"))
    page = client.get(url("bureaufile_changelist"), {"direction": "IN"})
    assert len(page.context["rows"]) == 2
    following = page.context["page"].following
    assert "direction=IN" in following
    rest = client.get(url("bureaufile_changelist") + following)
    assert len(rest.context["rows"]) == 1
    assert rest.context["page"].following == ""


def test_a_list_is_by_its_time_and_can_be_turned(client, supervisor, monkeypatch):
    monkeypatch.setattr(lists, "SIZE", 2)
    for number in range(3):
        receive(csv_lines(f"broken {number}"))
    first = BureauFile.objects.order_by("pk").first()
    BureauFile.objects.filter(pk=first.pk).update(exchanged_at=F("exchanged_at") + DAY)
    page = client.get(url("bureaufile_changelist"), {"direction": "IN"})
    assert page.context["rows"][0] == first
    turned = client.get(f"{url('bureaufile_changelist')}?{page.context['page'].sort.query}")
    assert 'aria-sort="ascending"' in turned.text
    rest = client.get(url("bureaufile_changelist") + turned.context["page"].following)
    assert rest.context["rows"] == [first]
