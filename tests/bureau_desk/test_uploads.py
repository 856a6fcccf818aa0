"""A report file by hand: previewed line by line, then stored as if it came by the folder."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from apps.bureau import applying, production
from apps.bureau.models import BureauFile, BureauReport, QuarantinedLine, ReportUpload
from apps.cards.enums import RequestStatus
from apps.desk.event_kinds import UploadAction
from tests.book import desk_events
from tests.bureau_desk.pages import status_of, text, upload, url
from tests.factories.bureau import (
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

pytestmark = pytest.mark.django_db


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
    assert first.card_request.holder.name not in page
    assert BureauReport.objects.count() == 1
    assert not QuarantinedLine.objects.exists()


def test_a_confirmed_upload_goes_the_way_of_the_folder(client, supervisor):
    [order] = make_orders(1)
    data = csv_lines(line_of(made(order)), "broken")
    preview = upload(client, data)["Location"]
    reference = ReportUpload.objects.get().reference
    page = client.post(url("bureaufile_confirm", reference), follow=True)
    assert "已收下：新的 1 行，重复的 0 行，隔离的 1 行。" in text(page)
    applying.apply_due(at=timezone.now(), limit=10)
    assert status_of(order) == RequestStatus.PRODUCED
    file = BureauFile.objects.get(direction="IN")
    assert file.exchanged_by == supervisor
    assert desk_events().get(action=UploadAction.UPLOAD).facts["broken"] == 1
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
        (csv_lines(), "文件里只有表头"),
        (b"x" * (settings.REPORT_UPLOAD_MAX_BYTES + 1), "文件超过 2 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(client, supervisor, data, says):
    assert says in text(upload(client, data))


def test_no_file_at_all_is_asked_for(client, supervisor):
    assert "请选择制卡中心给的回盘文件。" in text(client.post(url("bureaufile_upload"), {}))


def test_a_preview_of_6_lines_costs_as_many_queries_as_one_of_2(
    client, supervisor, django_assert_num_queries
):
    orders = make_orders(8)

    def preview(some):
        data = csv_lines(*(line_of(made(o, card_number=f"C{o.pk % 10**8:08d}")) for o in some))
        return upload(client, data)["Location"]

    two, six = preview(orders[:2]), preview(orders[2:])
    with django_assert_num_queries(10, exact=False) as few:
        client.get(two)
    with django_assert_num_queries(len(few)):
        client.get(six)


def test_a_file_that_cannot_be_stored_is_told_beside_its_field(client, supervisor, monkeypatch):
    def full(*args, **options):
        raise OperationalError("database or disk is full")

    content = csv_lines(line_of(sent(make_orders(1)[0])))
    with monkeypatch.context() as broken:
        broken.setattr(ReportUpload.objects, "create", full)
        assert "请过几分钟再试" in text(upload(client, content))
    assert upload(client, content).status_code == 302
