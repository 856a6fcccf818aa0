"""全部款项: finance finds every payment by its money, page by page, and takes it as a file."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.common.moments import day_of
from apps.desk import roles
from apps.events.models import Event
from apps.finance import narrowing
from apps.payments.enums import PaymentStatus
from apps.payments.models import Payment
from tests.factories.cards import AT
from tests.factories.payments import confirm, make_paid, make_payable, make_payment
from tests.factories.people import make_colleague

pytestmark = pytest.mark.django_db
LIST = reverse("admin:payments_discrepancy_payments")
FILE = reverse("admin:payments_discrepancy_payments_file")


@pytest.fixture
def finance(client):
    client.force_login(make_colleague(roles.FINANCE))
    return client


def shown(client, **chosen):
    return {payment.reference for payment in client.get(LIST, chosen).context["page"].payments}


def test_each_filter_finds_what_it_says(finance):
    paid, waiting = make_paid(), make_payment()
    both = {paid.reference, waiting.reference}
    assert shown(finance) == both
    assert shown(finance, status=PaymentStatus.PAID) == {paid.reference}
    assert shown(finance, number=f" {paid.reference.lower()} ") == {paid.reference}
    assert shown(finance, number=paid.trade_number) == {paid.reference}
    assert shown(finance, gateway=paid.gateway) == both
    assert shown(finance, gateway="alipay") == set()
    city = paid.card_request.city.code
    assert paid.reference in shown(finance, city=city)
    amount = f"{paid.amount_fen / 100:.2f}"
    assert shown(finance, least=amount, most=amount) == both
    assert shown(finance, least="999") == set()
    day = day_of(paid.paid_at)
    assert shown(finance, which="paid", since=day, until=day) == {paid.reference}
    assert shown(finance, since=day + timedelta(days=9)) == set()
    assert shown(finance, which="refunded", since=day) == set()


def test_an_end_before_its_beginning_is_said(finance):
    paid = make_paid()
    chosen = {"since": "2026-01-20", "until": "2026-01-19", "least": "2", "most": "1"}
    answer = finance.get(LIST, chosen)
    page = answer.content.decode()
    assert "不能早于「从」的日期。" in page
    assert "不能小于「金额从」。" in page
    assert "没有这样的款项" not in page
    answer = finance.get(LIST, {"since": day_of(paid.paid_at), "until": day_of(paid.paid_at)})
    assert not answer.context["form"].errors


def test_a_wrong_filter_is_said_and_narrows_nothing(finance):
    paid = make_paid()
    answer = finance.get(
        LIST, {"status": "x", "since": "x", "least": "-1", "city": "0", "after": "?", "which": "?"}
    )
    assert {"status", "since", "least", "city", "which"} == answer.context["form"].errors.keys()
    assert [payment.reference for payment in answer.context["page"].payments] == [paid.reference]


def test_finance_sees_money_and_nobody(finance):
    paid = make_paid()
    page = finance.get(LIST).content.decode()
    holder = paid.card_request.holder
    assert paid.reference in page
    for private in (holder.name, holder.id_number, holder.phone, paid.card_request.reference):
        assert private not in page


def test_pages_are_walked_to_and_fro_whatever_comes_in_meanwhile():
    payments = [make_payment(card_request=make_payable()) for _ in range(5)]
    newest = [payment.reference for payment in reversed(payments)]
    rows = Payment.objects.all()

    def references(page):
        return [payment.reference for payment in page.payments]

    first = narrowing.page_of(rows, size=2)
    assert references(first) == newest[:2]
    assert not first.before
    make_payment()
    second = narrowing.page_of(rows, after=first.after, size=2)
    assert references(second) == newest[2:4]
    third = narrowing.page_of(rows, after=second.after, size=2)
    assert references(third) == newest[4:]
    assert not third.after
    assert references(narrowing.page_of(rows, before=third.before, size=2)) == newest[2:4]


def test_the_page_costs_the_same_with_many(finance):
    counts = []
    for _ in range(2):
        for _ in range(3):
            make_payment()
        with CaptureQueriesContext(connection) as queries:
            finance.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_file_has_what_the_list_shows_and_is_recorded(finance, settings):
    paid, _ = make_paid(), make_payment()
    answer = finance.post(FILE, {"format": "CSV", "status": PaymentStatus.PAID})
    (line,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert line["订单号"] == paid.reference
    assert float(line["金额（元）"]) == paid.amount_fen / 100
    event = Event.objects.get(action="TAKE_LIST")
    assert event.facts == {"rows": 1, "format": "CSV"}
    settings.EXPORT_MAX_ROWS = 1
    answer = finance.post(FILE, {"format": "CSV"}, follow=True)
    assert "分几次下载" in answer.content.decode()
    assert finance.post(FILE, {"format": "PDF"}).status_code == 404
    assert day_of(AT) <= day_of(event.at)


def test_of_certain_days_the_latest_of_that_moment_comes_first():
    first, second, third = (make_payable() for _ in range(3))
    late = make_payment(card_request=first)
    soon = [make_paid(card_request=each) for each in (second, third)]
    confirm(late, at=max(payment.paid_at for payment in soon) + timedelta(minutes=1))
    newest = [late.reference, *(payment.reference for payment in reversed(soon))]

    chosen = {"which": "paid", "since": day_of(AT)}
    rows, by = narrowing.narrowed(chosen, at=AT), narrowing.order_of(chosen)
    pages = [narrowing.page_of(rows, column=by, size=1)]
    while pages[-1].after:
        pages.append(narrowing.page_of(rows, column=by, size=1, after=pages[-1].after))
    assert [page.payments[0].reference for page in pages] == newest
    back = narrowing.page_of(rows, column=by, size=1, before=pages[-1].before)
    assert back.payments[0].reference == newest[1]


def test_a_page_beyond_an_order_that_has_no_such_moment_is_the_first_one():
    paid, waiting = make_paid(), make_payment()
    chosen = {"which": "paid", "since": day_of(AT)}
    rows, by = narrowing.narrowed(chosen, at=AT), narrowing.order_of(chosen)
    page = narrowing.page_of(rows, column=by, after=waiting.reference)
    assert [payment.reference for payment in page.payments] == [paid.reference]


@pytest.mark.parametrize("name", ["after", "before"])
@pytest.mark.parametrize("order", ["\x00", "A" * 15 + "\x00", "'", "长" * 99])
def test_an_order_that_can_be_none_means_the_first_page(finance, name, order):
    make_paid()
    assert len(finance.get(LIST, {name: order}).context["page"].payments) == 1
