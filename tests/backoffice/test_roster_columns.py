"""Rosters in HR's own form at the desk: columns matched, changes shown, wrong rows mended."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from apps.desk import roles
from apps.events.models import Event
from apps.people.models import Holder
from apps.roster import services as rosters
from apps.roster.enums import RosterStatus
from apps.roster.models import ColumnChoice, RosterUpload
from tests.factories.people import make_colleague, make_holder, make_id_number

pytestmark = pytest.mark.django_db
UPLOAD = reverse("admin:roster_rosterupload_upload")
HR97 = Path(__file__).parent.parent / "roster" / "files" / "hr97.xls"
IN_OTHER_WORDS = ("* 职工号", "姓 名", "身份证号\n码", "联系电话", "单位", "备注")


def number(sequence):
    return make_id_number(birth_date=date(1979, 3, 3), sequence=sequence)


@pytest.fixture
def supervisor(client):
    supervisor = make_colleague(roles.SUPERVISOR)
    client.force_login(supervisor)
    return supervisor


def workbook(*rows, merged=(), formats=()):
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    for place in merged:
        book.active.merge_cells(place)
    for place, number_format in formats:
        book.active[place].number_format = number_format
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def post(client, content, name="roster.xlsx"):
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content)}, follow=True)


def page(response):
    assert response.status_code == 200
    return response.content.decode()


def the_upload():
    return RosterUpload.objects.latest("pk")


def url(name, *args):
    return reverse(f"admin:roster_rosterupload_{name}", args=[the_upload().reference, *args])


def chosen(response):
    """The choices as the page offers them, to send back."""
    form = response.context["form"]
    return {name: field.initial for name, field in form.fields.items()}


def in_other_words(*rows):
    return workbook(("某某大学教职工名册",), IN_OTHER_WORDS, *rows, merged=["A1:F1"])


def test_headings_in_other_words_are_confirmed_once_and_remembered(client, supervisor):
    response = post(
        client, in_other_words(("T1", "欧阳超", number(1), "13900001234", "图书馆", "x"))
    )
    html = page(response)
    assert the_upload().status == RosterStatus.UNMATCHED
    assert "* 职工号" in html
    assert "欧阳超" not in html
    assert number(1) not in html
    assert list(chosen(response).values()) == ["工号", "姓名", "社会保障号码", "手机号", "部门", ""]
    html = page(client.post(url("match"), chosen(response), follow=True))
    assert "确认生效" in html
    assert "读作社会保障号码" in html
    assert "没有用到的列：备注" in html
    assert "表头在第 2 行" in html
    response = post(client, in_other_words(("T2", "张超", number(2), "", "", "")))
    assert "以前对应过" in page(response)
    client.post(url("apply"), {})
    assert Holder.objects.get().user.employee_number == "T2"


def test_matching_is_an_event_without_a_word_of_the_file(client, supervisor):
    response = post(client, in_other_words(("T1", "欧阳超", number(1), "", "", "")))
    client.post(url("match"), chosen(response))
    event = the_upload().events.get(action="MATCH")
    assert event.by == supervisor
    assert event.facts["columns"]["C"] == "社会保障号码"
    assert event.facts["heading_line"] == 2
    assert "欧阳" not in str(event.facts)


def test_headings_of_another_language_are_matched_by_hand(client, supervisor):
    content = f"staff,name,id,mail\nT1,张超,{number(1)},a@b\n".encode()
    response = post(client, content, "roster.csv")
    data = chosen(response)
    assert set(data.values()) == {""}
    html = page(client.post(url("match"), data | {"column_1": "工号", "column_2": "姓名"}))
    assert "还没有说哪一列是社会保障号码" in html
    assert '<option value="工号" selected>' in html
    data |= {"column_1": "工号", "column_2": "姓名", "column_3": "社会保障号码"}
    html = page(client.post(url("match"), data | {"column_4": "姓名"}))
    assert "有两列都选了姓名" in html
    page(client.post(url("match"), data, follow=True))
    assert the_upload().counts["created"] == 1


def test_another_row_can_be_the_headings(client, supervisor):
    content = workbook(
        ("编", "名", "码", "工号"), ("a", "b", "c", "d"), ("T1", "张超", number(1), "x")
    )
    post(client, content)
    response = client.get(url("match"), {"line": "2"})
    assert response.context["head"].line == 2
    assert "不像表头" in page(client.get(url("match"), {"line": "3"}))
    for odd in ("x", "99", "-1", "２"):
        assert client.get(url("match"), {"line": odd}).status_code == 200
    data = chosen(response) | dict.fromkeys(["column_4"], "")
    data |= {"column_1": "工号", "column_2": "姓名", "column_3": "社会保障号码"}
    client.post(url("match") + "?line=2", data)
    assert the_upload().counts["created"] == 1


def test_a_wrong_match_is_made_once_more_from_the_preview(client, supervisor):
    content = in_other_words(("T1", "欧阳超", number(1), "13900001234", "图书馆", "x"))
    response = post(client, content)
    client.post(url("match"), chosen(response) | {"column_4": ""})
    assert "重新对应列" in page(client.get(url("change")))
    response = client.post(url("rematch"), follow=True)
    assert chosen(response)["column_4"] == ""
    client.post(url("match"), chosen(response) | {"column_4": "手机号"})
    assert "手机号" in str(the_upload().rows.get().changes)
    assert "手机号" in ColumnChoice.objects.get().columns.values()
    client.post(url("apply"), {})
    assert the_upload().content == ""
    assert "请看最新的状态" in page(client.post(url("rematch"), follow=True))
    post(client, f"工号,姓名,社会保障号码\nT1,张超,{number(2)}\n".encode(), "roster.csv")
    assert "不用对应" in page(client.post(url("rematch"), follow=True))


def test_of_two_who_match_the_second_is_told(client, supervisor):
    response = post(client, in_other_words(("T1", "张超", number(1), "", "", "")))
    data = chosen(response)
    client.post(url("match"), data)
    assert "刚刚由别人对应了" in page(client.post(url("match"), data, follow=True))


def test_a_big_file_asks_too(client, supervisor, monkeypatch):
    monkeypatch.setattr(rosters, "AT_ONCE_BYTES", 0)
    assert "正在读取" in page(post(client, in_other_words(("T1", "张超", number(1), "", "", ""))))
    rosters.prepare_due(at=timezone.now())
    response = client.get(url("change"), follow=True)
    client.post(url("match"), chosen(response))
    assert "正在读取" in page(client.get(url("change")))
    rosters.prepare_due(at=timezone.now() + timedelta(minutes=10))
    assert "确认生效" in page(client.get(url("change")))


def test_an_auditor_sees_that_it_waits_and_matches_nothing(client, supervisor):
    post(client, in_other_words(("T1", "张超", number(1), "", "", "")))
    client.force_login(make_colleague(roles.AUDITOR))
    assert "等待审核主管" in page(client.get(url("change")))
    assert client.get(url("match")).status_code == 403
    assert client.post(url("rematch")).status_code == 403
    assert client.post(url("to_mend", "csv")).status_code == 403


def test_what_the_reader_filled_in_is_shown_row_by_row(client, supervisor):
    content = workbook(
        ("工号", "姓名", "社会保障号码", "部门"),
        (1234, "张超", number(1), "信息学院"),
        (1235, "李四", number(2), None),
        merged=["D2:D3"],
        formats=[("A2", "00000000"), ("A3", "00000000")],
    )
    html = page(post(client, content))
    assert "00001235" in html
    assert "已照那一行填入“信息学院”" in html
    assert "读取时有改动" in html
    assert html.count("按单元格显示的样子") == 2
    client.post(url("apply"), {})
    assert set(Holder.objects.values_list("department", flat=True)) == {"信息学院"}


def test_what_was_changed_in_a_row_that_changes_nothing_is_shown_too(client, supervisor):
    holder = make_holder(phone="13900001234")
    row = f"{holder.user.employee_number},{holder.name},{holder.id_number},139-0000-1234"
    post(client, f"工号,姓名,社会保障号码,手机号\n{row}\n".encode(), "roster.csv")
    html = page(client.get(url("change"), {"kind": "NOTED"}))
    assert "写法已规整，登记为 139****1234" in html
    assert the_upload().counts["unchanged"] == 1
    client.post(url("apply"), {})
    assert the_upload().status == RosterStatus.APPLIED


def test_a_workbook_of_the_nineties_is_read(client, supervisor):
    response = post(client, HR97.read_bytes(), "名册.xls")
    html = page(client.post(url("match"), chosen(response), follow=True))
    assert the_upload().file_kind == "xls"
    assert "00001234" in html


def test_a_web_page_named_xls_is_called_what_it_is(client, supervisor):
    assert "网页（HTML）" in page(post(client, b"<html><table></table></html>", "名册.xls"))
    assert not RosterUpload.objects.exists()


def mending(client, kind):
    response = client.post(url("to_mend", kind))
    assert response.status_code == 200
    if kind == "csv":
        return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    rows = load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True)
    return [["" if cell is None else cell for cell in row] for row in rows]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_wrong_rows_are_taken_away_mended_and_uploaded_again(client, supervisor, kind):
    response = post(
        client,
        in_other_words(
            ("T1", "张超", number(1), "123", "图书馆", "=1+1"),
            ("T2", "李强", number(2), "13900001234", "图书馆", ""),
            ("T3", "", number(3), "13900001235", "图书馆", "新来的"),
        ),
    )
    client.post(url("match"), chosen(response))
    rows = mending(client, kind)
    headings = [heading.replace("\n", "") for heading in IN_OTHER_WORDS]
    assert [text.replace("\n", "") for text in rows[0]] == [*headings, "怎么改"]
    assert [row[0] for row in rows[1:]] == ["T1", "T3"]
    assert rows[1][2] == number(1)
    assert rows[2][5] == "新来的"
    assert "手机号" in rows[1][-1]
    rows[1][3], rows[2][1] = "13900001236", "王芳"
    if kind == "csv":
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        content = text.getvalue().encode("utf-8-sig")
    else:
        content = workbook(*rows)
    post(client, content, f"mended.{kind}")
    mended = the_upload()
    assert (mended.status, mended.counts["created"], mended.counts["refused"]) == ("READ", 2, 0)
    assert "怎么改" not in str(mended.remarks)


def test_taking_wrong_rows_away_is_written_into_the_book(client, supervisor):
    post(client, f"工号,姓名,社会保障号码\nT1,,{number(1)}\n".encode(), "roster.csv")
    mending(client, "xlsx")
    event = Event.objects.get(subject_kind="desk_roster_file")
    assert (event.by, event.reference) == (supervisor, the_upload().reference)
    assert client.get(url("to_mend", "csv")).status_code == 405
    assert client.post(url("to_mend", "exe")).status_code == 404


def test_rows_that_failed_when_they_were_applied_can_be_mended_too(client, supervisor):
    post(
        client,
        f"工号,姓名,社会保障号码,手机号\nT1,张超,{number(1)},13900001234\n".encode(),
        "r.csv",
    )
    make_holder(phone="13900001234")
    client.post(url("apply"), {})
    assert "没有生效" in page(client.get(url("change")))
    assert mending(client, "csv")[1][:3] == ["T1", "张超", number(1)]


def test_wrong_rows_are_kept_as_long_as_a_preview(client, supervisor, settings):
    content = f"工号,姓名,社会保障号码\nT1,,{number(1)}\nT2,张超,{number(2)}\n".encode()
    post(client, content, "roster.csv")
    client.post(url("apply"), {})
    assert the_upload().rows.filter(original__isnull=False).count() == 1
    later = the_upload().at + settings.ROSTER_RETENTION
    rosters.forget_originals(at=later - timedelta(seconds=1), limit=10)
    assert the_upload().rows.to_mend().exists()
    rosters.forget_originals(at=later, limit=10)
    assert not the_upload().rows.to_mend().exists()
    assert client.post(url("to_mend", "csv")).status_code == 404
    assert "下载这些行" not in page(client.get(url("change")))
