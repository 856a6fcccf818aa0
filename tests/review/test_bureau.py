"""The bureau's desk: batches, reports, files, lines in quarantine, and an upload by hand."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from apps.cards import batches, production
from apps.cards.bureau import report_file
from apps.cards.enums import RequestStatus
from apps.cards.models import (
    BureauFile,
    BureauReport,
    CardRequest,
    ProductionBatch,
    QuarantinedLine,
    ReportUpload,
)
from apps.cards.models.production import BatchState
from apps.review import roles
from apps.review.bureau import forms, lists
from apps.review.models import DeskEvent
from apps.review.models.desk_event import DeskAction
from tests.factories.bureau import (
    HEARD,
    LATER,
    csv_lines,
    failed,
    hear,
    line_of,
    made,
    make_orders,
    receive,
    sent,
)
from tests.factories.cards import make_request
from tests.factories.people import make_colleague

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clocks_may_differ(monkeypatch):
    """The factories' moments may lie ahead of the machine's clock, by which the pages read."""
    monkeypatch.setattr(report_file, "_CLOCKS_DIFFER_BY", timedelta(days=3650))


@pytest.fixture
def supervisor(client):
    user = make_colleague(roles.SUPERVISOR)
    client.force_login(user)
    return user


def url(name, *args):
    return reverse(f"admin:cards_{name}", args=args)


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def status_of(order):
    return CardRequest.objects.get(pk=order.request_id).status


# --- Batches ------------------------------------------------------------------------------------


def failing_batch():
    make_request(RequestStatus.APPROVED)
    batch = production.make_batch(at=LATER, limit=10)
    ProductionBatch.objects.update(
        last_error="送制目录写不进去。", tries=3, next_try_at=HEARD + timedelta(days=999)
    )
    return batch


def test_a_batch_that_cannot_leave_says_how_often_it_was_tried_and_why(client, supervisor):
    failing_batch()
    page = text(client.get(url("productionbatch_changelist")))
    assert "送出失败" in page
    assert "试过 3 次：送制目录写不进去。" in page


def test_a_supervisor_lets_a_batch_be_tried_again_now(client, supervisor):
    batch = failing_batch()
    client.post(url("productionbatch_retry", batch.reference))
    assert production.submit_batches(at=timezone.now(), limit=10) == 1
    event = DeskEvent.objects.get(action=DeskAction.BATCH_RETRIED)
    assert (event.by, event.subject, event.facts) == (supervisor, batch.reference, {"tries": 3})


def test_a_batch_that_has_left_is_not_sent_again(client, supervisor):
    [order] = make_orders(1)
    page = client.post(url("productionbatch_retry", order.batch.reference), follow=True)
    assert "已经送出，不用再送" in text(page)
    assert not DeskEvent.objects.exists()


def test_a_batch_shows_its_orders_masked_and_leads_a_failure_to_its_case(client, supervisor):
    first, second = make_orders(2)
    hear(failed(first), made(second), sent(second))
    page = text(client.get(url("productionbatch_change", first.batch.reference)))
    assert "银行预开户失败" in page
    assert url("cardrequest_change", first.request.reference) in page
    assert first.request.holder.name not in page
    assert "*超" in page
    assert "A00000001" not in page
    assert page.index(first.reference) < page.index(second.reference), "failures come first"


def test_the_state_of_a_batch_follows_from_its_orders():
    first, second = make_orders(2)

    def states():
        return [state for state in BatchState if ProductionBatch.objects.in_state(state).exists()]

    def derived():
        [batch] = ProductionBatch.objects.all()
        return [batches.progress([batch], on=HEARD.date())[batch.pk].state]

    assert states() == derived() == [BatchState.WITH_BUREAU]
    hear(failed(first))
    assert states() == derived() == [BatchState.PARTLY]
    hear(made(second))
    assert states() == derived() == [BatchState.PARTLY]
    hear(sent(second))
    assert states() == derived() == [BatchState.DONE]
    ProductionBatch.objects.update(submitted_at=None)
    assert states() == derived() == [BatchState.WAITING]
    ProductionBatch.objects.update(last_error="x")
    assert states() == derived() == [BatchState.FAILING]


def test_a_batch_is_measured_against_the_promise():
    [order] = make_orders(1)
    city = order.request.city
    [batch] = ProductionBatch.objects.all()
    day = timezone.localdate(LATER)
    now = batches.progress([batch], on=day)[batch.pk]
    assert (now.days, now.limit_days, now.is_overdue) == (0, city.produce_days, False)
    later = batches.progress([batch], on=day + timedelta(days=60))[batch.pk]
    assert later.is_overdue
    hear(made(order))
    after = batches.progress([batch], on=day)[batch.pk]
    assert after.limit_days == city.produce_days + city.dispatch_days


@pytest.mark.parametrize("of", ["batch", "order", "request"])
def test_a_batch_is_found_by_any_of_its_numbers(client, supervisor, of):
    [order] = make_orders(1)
    make_orders(1)
    number = {"batch": order.batch, "order": order, "request": order.request}[of].reference
    page = text(client.get(url("productionbatch_changelist"), {"q": number.lower()}))
    assert page.count("<tr>") == 2, "the header and one batch"


# --- Reports ------------------------------------------------------------------------------------


def test_reports_show_what_waits_and_what_was_refused(client, supervisor):
    first, second = make_orders(2)
    hear(sent(first), failed(second))
    hear(made(second))
    page = text(client.get(url("bureaureport_changelist")))
    assert "等「制卡成功」的回盘" in page
    assert "这张制卡单已经回报过制卡失败。" in page
    waiting = text(client.get(url("bureaureport_changelist"), {"state": "waiting"}))
    assert first.reference in waiting
    assert second.reference not in waiting


def test_a_report_is_tried_again_at_once(client, supervisor):
    [order] = make_orders(1)
    receive(report_file.write([made(order)]))
    report = BureauReport.objects.get()
    page = client.post(url("bureaureport_retry", report.reference), follow=True)
    assert "这一条已经登记，申请已往前走一步。" in text(page)
    assert status_of(order) == RequestStatus.PRODUCED
    assert DeskEvent.objects.get().facts == {"report": report.reference, "applied": True}
    again = client.post(url("bureaureport_retry", report.reference), follow=True)
    assert "已经登记过了" in text(again)


def test_a_report_that_still_cannot_be_applied_says_why(client, supervisor):
    [order] = make_orders(1)
    hear(failed(order), made(order))
    page = client.post(url("bureaureport_retry", made(order).reference), follow=True)
    assert "这一条还不能登记" in text(page)
    assert "这张制卡单已经回报过制卡失败。" in text(page)


# --- Upload by hand -----------------------------------------------------------------------------


def upload(client, data, name="回盘.csv"):
    return client.post(
        url("bureaufile_upload"), {"file": SimpleUploadedFile(name, data, "text/csv")}
    )


def test_a_preview_says_what_each_line_would_do_and_stores_nothing(client, supervisor):
    first, second, third = make_orders(3)
    hear(failed(third))
    taken = make_request(RequestStatus.COLLECTED).card.card_number
    answer = upload(
        client,
        csv_lines(
            line_of(sent(first)),
            line_of(made(first)),
            line_of(sent(second)),
            "broken",
            line_of(failed(third)),
            line_of(made(third)),
            line_of(made(second, card_number=taken)),
            line_of(made(first)).replace(first.reference, "A" * 16),
        ),
    )
    rows = {
        seen.line.number: (seen.outcome.value, seen.words)
        for seen, _ in client.get(answer["Location"]).context["rows"]
    }
    assert rows == {
        2: ("applies", "制卡成功 → 已发出"),
        3: ("applies", "制卡中 → 制卡成功"),
        4: ("waits", "等「制卡成功」登记以后再登记"),
        5: ("broken", "这一行有 1 栏，应为 8 栏。"),
        6: ("repeated", "以前收到过，或与前面的行相同"),
        7: ("refused", "这张制卡单已经回报过制卡失败。"),
        8: ("refused", "这个社保卡号已经登记在另一张卡上。"),
        9: ("refused", "没有这个制卡单号。"),
    }
    page = text(client.get(answer["Location"]))
    assert "还没有登记" in page
    assert made(first).card_number not in page
    assert first.request.holder.name not in page
    assert BureauReport.objects.count() == 1
    assert not QuarantinedLine.objects.exists()


def test_a_confirmed_upload_goes_the_way_of_the_folder(client, supervisor):
    [order] = make_orders(1)
    data = csv_lines(line_of(made(order)), "broken")
    preview = upload(client, data)["Location"]
    reference = ReportUpload.objects.get().reference
    page = client.post(url("bureaufile_confirm", reference), follow=True)
    assert "已收下：新的 1 行，重复的 0 行，隔离的 1 行。" in text(page)
    production.apply_reports(at=timezone.now(), limit=10)
    assert status_of(order) == RequestStatus.PRODUCED
    file = BureauFile.objects.get(direction="IN")
    assert file.exchanged_by == supervisor
    assert DeskEvent.objects.get(action=DeskAction.REPORT_UPLOADED).facts["broken"] == 1
    assert not ReportUpload.objects.exists()
    assert client.get(preview).status_code == 404

    assert receive(data) == file, "the folder brings the same file: nothing happens"
    assert "以前收到过" in text(upload(client, data))


def test_two_previews_of_one_file_store_it_once(client, supervisor):
    [order] = make_orders(1)
    for _ in range(2):
        upload(client, csv_lines(line_of(made(order))))
    first, second = ReportUpload.objects.values_list("reference", flat=True)
    client.post(url("bureaufile_confirm", first))
    page = client.post(url("bureaufile_confirm", second), follow=True)
    assert "以前收到过" in text(page)
    assert BureauReport.objects.count() == 1


def test_a_discarded_upload_is_gone(client, supervisor):
    upload(client, csv_lines("broken"))
    client.post(url("bureaufile_discard", ReportUpload.objects.get().reference))
    assert not ReportUpload.objects.exists()
    assert not QuarantinedLine.objects.exists()


def test_an_upload_that_nobody_confirmed_expires(client, supervisor, settings):
    preview = upload(client, csv_lines("broken"))["Location"]
    ReportUpload.objects.update(
        uploaded_at=timezone.now() - settings.REPORT_UPLOAD_RETENTION - timedelta(minutes=1)
    )
    assert client.get(preview).status_code == 404
    assert production.forget_uploads(at=timezone.now(), limit=10) == 1


def test_what_is_uploaded_is_encrypted_and_kept_byte_by_byte(client, supervisor):
    data = csv_lines("失败".encode("gbk"), "\x00\xff".encode("latin-1"))
    upload(client, data)
    kept = ReportUpload.objects.get()
    assert kept.data == data
    raw = ReportUpload.objects.extra(select={"raw": "content"}).values_list("raw", flat=True)[0]
    assert "report_reference" not in raw


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "这个文件是空的"),
        (b"no header", "第一行不是约定的表头"),
        (b"x" * (forms.MAX_UPLOAD + 1), "文件超过 2 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(client, supervisor, data, says):
    assert says in text(upload(client, data))


def test_no_file_at_all_is_asked_for(client, supervisor):
    assert "请选择制卡中心给的回盘文件。" in text(client.post(url("bureaufile_upload"), {}))


# --- Quarantine ---------------------------------------------------------------------------------


@pytest.fixture
def line():
    receive(csv_lines("破损的,一行"))
    return QuarantinedLine.objects.get()


def test_what_stands_in_a_line_is_shown_on_a_logged_click_only(client, supervisor, line):
    assert "破损的" not in text(client.get(url("quarantinedline_changelist")))
    assert "破损的" not in text(client.get(url("quarantinedline_change", line.reference)))
    look = url("quarantinedline_look", line.reference)
    assert "请写明查看原文的原因" in text(client.post(look, {"look-reason": " "}))
    assert "破损的" in text(client.post(look, {"look-reason": "向制卡中心核实"}))
    event = DeskEvent.objects.get(action=DeskAction.LINE_SHOWN)
    assert (event.by, event.subject, event.reason) == (
        supervisor,
        line.reference,
        "向制卡中心核实",
    )


def test_a_corrected_line_goes_through_the_same_parser(client, supervisor, line):
    [order] = make_orders(1)
    correct = url("quarantinedline_correct", line.reference)
    typed = line_of(made(order, card_number="错"))
    page = text(client.post(correct, {"correct-content": typed}))
    assert "社保卡号应为 9 位大写字母和数字。" in page
    assert typed in page, "what was typed stays"
    client.post(correct, {"correct-content": line_of(made(order))})
    line.refresh_from_db()
    assert (line.settled_by, line.report.reference) == (supervisor, made(order).reference)
    production.apply_reports(at=timezone.now(), limit=10)
    assert status_of(order) == RequestStatus.PRODUCED
    event = DeskEvent.objects.get(action=DeskAction.LINE_DISMISSED)
    assert event.facts["how"] == "corrected"


@pytest.mark.parametrize(
    ("card_number", "says"), [("A00000001", "以前已经收到过"), ("A99999999", "报过不同的内容")]
)
def test_a_correction_never_repeats_or_contradicts_what_is_known(
    client, supervisor, line, card_number, says
):
    [order] = make_orders(1)
    hear(made(order))
    typed = line_of(made(order, card_number=card_number))
    page = client.post(url("quarantinedline_correct", line.reference), {"correct-content": typed})
    assert says in text(page)
    line.refresh_from_db()
    assert line.settled_at is None


def test_a_line_is_dismissed_with_a_reason_and_once(client, supervisor, line):
    dismiss = url("quarantinedline_dismiss", line.reference)
    assert "请写明为什么不再处理" in text(client.post(dismiss, {"dismiss-reason": ""}))
    client.post(dismiss, {"dismiss-reason": "已用另一行更正"})
    assert "已经有人处理过了" in text(client.post(dismiss, {"dismiss-reason": "又一次"}))
    line.refresh_from_db()
    assert (line.settled_by, line.settlement) == (supervisor, "已用另一行更正")
    assert DeskEvent.objects.get().reason == "已用另一行更正"
    assert "第 2 行" not in text(client.get(url("quarantinedline_changelist")))
    assert "第 2 行" in text(client.get(url("quarantinedline_changelist"), {"state": "all"}))


# --- Who, and how much --------------------------------------------------------------------------


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
        assert "立即" not in "".join(text(client.get(address)) for address in read)


def test_the_administrator_of_accounts_sees_nothing_of_the_bureau(client):
    read, act = pages()
    client.force_login(make_colleague(roles.ADMINISTRATOR))
    assert {client.get(address).status_code for address in read} == {403}
    assert {client.post(address).status_code for address in act} == {403}


@pytest.mark.parametrize(
    "query", [{"before": "x"}, {"before": "9" * 30}, {"state": "no"}, {"direction": "no"}]
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


def test_20_rows_cost_as_many_queries_as_2(client, supervisor, django_assert_num_queries):
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
    fill(18)
    for name in names:
        with django_assert_num_queries(len(counts[name])):
            client.get(url(name))


def test_a_preview_of_20_lines_costs_as_many_queries_as_one_of_2(
    client, supervisor, django_assert_num_queries
):
    orders = make_orders(22)

    def preview(some):
        data = csv_lines(*(line_of(made(o, card_number=f"C{o.pk % 10**8:08d}")) for o in some))
        return upload(client, data)["Location"]

    two, twenty = preview(orders[:2]), preview(orders[2:])
    with django_assert_num_queries(10, exact=False) as few:
        client.get(two)
    with django_assert_num_queries(len(few)):
        client.get(twenty)


def test_a_long_list_goes_on_behind_a_cursor(client, supervisor, monkeypatch):
    monkeypatch.setattr(lists, "SIZE", 2)
    for number in range(3):
        receive(csv_lines(f"broken {number}"))
    page = client.get(url("bureaufile_changelist"), {"direction": "IN"})
    assert len(page.context["rows"]) == 2
    following = page.context["following"]
    assert "direction=IN" in following
    rest = client.get(url("bureaufile_changelist") + following)
    assert len(rest.context["rows"]) == 1
    assert rest.context["following"] == ""
