"""The holidays of a year: uploaded by a supervisor, previewed, and read by every promise."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook
from pytest_django.asserts import assertContains, assertRedirects

from apps.cards.enums import RequestStatus
from apps.common import working_days
from apps.common.templatetags.formats import day as day_words
from apps.common.working_days import add_working_days
from apps.desk import roles
from apps.desk.colleagues import named
from apps.regions.models import ArrangedDay
from apps.requests.promises import decision_date
from apps.review import queue
from apps.rulebook import holiday_table
from apps.sheets.cells import UnreadableSheet
from apps.waiting.standing import standing
from tests.book import desk_events
from tests.dates import in_words
from tests.factories.cards import make_request
from tests.factories.people import make_colleague
from tests.rulebook.steps import NOTE

pytestmark = pytest.mark.django_db

PAGE = reverse("admin:regions_arrangedday_changelist")
UPLOAD = reverse("admin:regions_arrangedday_upload")
NOW = datetime(2026, 12, 31, 3, tzinfo=UTC)
TODAY = date(2026, 12, 31)


@pytest.fixture(autouse=True)
def until_2026(monkeypatch):
    """As at the end of 2026, if nobody had announced 2027 yet."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    years = frozenset(year for year in working_days.LIBRARY_YEARS if year <= 2026)
    monkeypatch.setattr(working_days, "LIBRARY_YEARS", years)


def table(year, *more):
    """The statutory days of `year` and the rows `more`, as text."""
    return "\n".join((holiday_table.sample(year), *more))


def errors_in(text):
    found = holiday_table.read(text.encode(), today=TODAY)
    return [f"{line}:{why}" if line else why for line, why in found.errors]


# --- The table ------------------------------------------------------------------------------------


def test_a_table_is_read_as_people_write_it():
    text = table(2027, "2027年2月9日,休,春节", "2027/2/20，班，", "２０２６-12-31,放假,元旦")
    found = holiday_table.read(text.replace("，", ",").encode("gb18030"), today=TODAY)
    assert found.errors == []
    assert (found.year, found.count_off, found.count_work) == (2027, 15, 1)
    assert found.days[date(2026, 12, 31)].name == "元旦"
    again = holiday_table.read(found.text.encode(), today=TODAY)
    assert again.days == found.days


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("2027-02-30,放假,春节", "15:日期“2027-02-30”读不懂，请写成 2027-01-01 的样子。"),
        (",放假,春节", "15:日期没有填写，请写成 2027-01-01 的样子。"),
        ("2027-02-09,假,春节", "15:类型“假”认不出来，请写“放假”或“调休上班”。"),
        ("2027-02-09,,春节", "15:类型没有填写，请写“放假”或“调休上班”。"),
        ("2027-02-09,放假,", "15:放假的日子请写明节日名称，例如“春节”。"),
        ("2027-02-09,放假," + "节" * 21, "15:名称超过 20 个字，请缩短。"),
        ("2027-02-10,调休上班,春节", "2027年2月10日（周三）不是周末，不用调休上班，请核对日期。"),
        ("2027-01-01,放假,元旦", "15:2027年1月1日（周五）在第 2 行已经有了。"),
        ("2028-02-09,放假,春节", "15:2028年2月9日（周三）不在 2027 年的安排里，请核对年份。"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_with_its_line(row, why):
    errors = errors_in(table(2027, row))
    assert len(errors) == 1
    assert errors[0].endswith(why)


def test_a_table_without_a_statutory_day_is_incomplete():
    text = table(2027).replace("2027-05-02,放假,劳动节\n", "")
    assert errors_in(text) == ["缺少法定节假日2027年5月2日（周日）（劳动节），请补上一行。"]
    worked = text.replace("2027-05-01,放假", "2027-05-01,调休上班")
    assert any("是法定节假日（劳动节），不能调休上班" in each for each in errors_in(worked))


def test_a_table_of_another_time_is_refused():
    assert errors_in(table(2025)) == [
        "这是 2025 年的安排，现在只能上传 2026 至 2028 年的。请核对年份。"
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2027-01-01,放假,元旦", "没有表头，第 1 行就是日期"),
        ("放假,元旦", "没有找到表头"),
        ("日期,名称\n2027-01-01,元旦", "缺少：类型"),
        ("日期,类型,名称\n", "表头下面没有内容"),
        ("日期,类型,名称\n" + "2027-01-01,放假,元旦\n" * 201, "超过 200 行"),
    ],
)
def test_what_is_no_such_table_is_refused_in_words(boss, text, why):
    page = boss.post(UPLOAD, {"table": text, "note": NOTE})
    assertContains(page, why)
    assertContains(page, text.splitlines()[0])
    assert not ArrangedDay.objects.exists()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"note": NOTE}, "请选择文件，或者把表格粘贴在下面。"),
        ({"note": NOTE, "file": SimpleUploadedFile("a.csv", b"")}, "这个文件是空的"),
        ({"note": NOTE, "file": SimpleUploadedFile("a.pdf", b"%PDF-1.7 x")}, "PDF"),
        ({"note": NOTE, "file": SimpleUploadedFile("a.csv", b"x" * 1024**2 * 2)}, "文件超过 1 MB"),
        ({"table": table(2027)}, "请写明通知的名称和文号"),
    ],
)
def test_an_upload_that_lacks_something_says_what(boss, data, why):
    assertContains(boss.post(UPLOAD, data), why)


def test_of_a_file_and_another_table_one_is_asked_for(boss):
    """A preview that was left with 返回修改 keeps its table in the form."""
    pasted = table(2027, "2027-02-09,放假,春节")
    data = {"table": pasted, "note": NOTE}
    page = boss.post(UPLOAD, data | {"file": workbook_with_two_more_days()})
    text = in_words(page.content.decode())
    assert (
        "这里又有一份不一样的表格（1月4日（周一）、1月5日（周二）、2月9日（周二）、"
        in text.replace("2027年", "")
    )
    assert "2027-02-09,放假,春节" in text
    same = SimpleUploadedFile("2027.csv", pasted.encode("gb18030"))
    assert boss.post(UPLOAD, data | {"file": same}).context["table"].count_off == 14
    assert not ArrangedDay.objects.exists()


def test_what_is_wrong_with_either_of_two_stands_beside_it(boss):
    bad = SimpleUploadedFile("a.csv", table(2027, "2027-02-09,假,春节").encode())
    form = boss.post(UPLOAD, {"table": "a", "file": bad, "note": NOTE}).context["form"]
    assert form.errors.keys() == {"file", "table"}


# --- Preview and upload ---------------------------------------------------------------------------


def workbook():
    book = Workbook()
    for line in table(2027, "2027-02-20,调休上班,春节").splitlines():
        day, *rest = line.split(",")
        book.active.append([date.fromisoformat(day) if "-" in day else day, *rest])
    stream = BytesIO()
    book.save(stream)
    return SimpleUploadedFile("2027.xlsx", stream.getvalue())


def test_an_upload_shows_what_it_moves_and_saves_when_confirmed(boss, supervisor):
    """Two reviews promised in January: the table gives them the days that were left out."""
    at = datetime(2026, 12, 31, 2, tzinfo=UTC)
    for _ in range(2):
        make_request(RequestStatus.ACCEPTED, at=at)
    earlier = make_request(RequestStatus.ACCEPTED, at=at - timedelta(days=9))
    before = add_working_days(date(2026, 12, 31), 3)
    assert before == date(2027, 1, 6)

    preview = boss.post(UPLOAD, {"file": workbook_with_two_more_days(), "note": NOTE})
    assert not ArrangedDay.objects.exists()
    [moved] = preview.context["moved"]
    assert (moved.what, moved.before, moved.after, moved.count) == (
        "审核",
        before,
        date(2027, 1, 8),
        2,
    )
    assert f"<td>{day_words(before)}</td>" in in_words(preview.content.decode())
    kept = {"table": preview.context["table"].text, "note": NOTE}
    assertContains(boss.post(UPLOAD, kept | {"back": "1"}), "2027-01-04,放假,元旦")

    saved = boss.post(UPLOAD, kept | {"basis": preview.context["basis"], "confirmed": "1"})
    assertRedirects(saved, PAGE)
    event = desk_events().get()
    assert (event.by, event.reason, event.facts) == (
        supervisor,
        NOTE,
        {"year": 2027, "off": 15, "worked": 1, "moved": 2},
    )
    # Every promise reads it: the queue of the reviewers, the page of the applicant, the filters.
    assert decision_date(at) == date(2027, 1, 8)
    assert queue.promise_of(earlier) == date(2026, 12, 25)
    mine = standing(make_request(RequestStatus.ACCEPTED, at=at), shipment=None, at=at)
    assert mine.by_when == "预计 2027年1月8日（周五）24:00 前完成"
    assertContains(boss.get(PAGE), "2 个承诺的日期变动")


def workbook_with_two_more_days():
    text = table(2027, "2027-01-04,放假,元旦", "2027-01-05,放假,元旦", "2027-02-20,调休上班,春节")
    return SimpleUploadedFile("2027.csv", text.encode("utf-8-sig"))


def test_the_preview_names_the_days_that_are_off_in_other_years(boss):
    page = boss.post(UPLOAD, {"table": table(2027), "note": NOTE}).content.decode()
    assert "2027年2月8日" not in in_words(page).partition("请与通知核对")[0]  # it is in the table
    assert "2027年2月9日（周二）（春节）" in in_words(page).partition("请与通知核对")[0]
    off = [
        f"{day:%Y-%m-%d},放假,{name}"
        for day, name in holiday_table.read(table(2027).encode(), today=TODAY).left_out
    ]
    assert (
        "请与通知核对"
        not in boss.post(UPLOAD, {"table": table(2027, *off), "note": NOTE}).content.decode()
    )


def test_a_table_of_an_announced_year_says_that_it_replaces_it(boss):
    assertContains(boss.post(UPLOAD, {"table": table(2026), "note": NOTE}), "已经有一份安排")


def test_a_workbook_is_read_as_well_and_a_second_upload_replaces_the_first(boss):
    for file in (workbook_with_two_more_days(), workbook()):
        preview = boss.post(UPLOAD, {"file": file, "note": NOTE})
        kept = {"table": preview.context["table"].text, "note": NOTE}
        boss.post(UPLOAD, kept | {"basis": preview.context["basis"], "confirmed": "1"})
    assertContains(preview, "已经有一份安排")
    assert ArrangedDay.objects.count() == 14
    assert not ArrangedDay.objects.filter(day="2027-01-05").exists()


def test_a_preview_that_somebody_overtook_saves_nothing(boss):
    data = {"table": table(2027), "note": NOTE}
    basis = boss.post(UPLOAD, data).context["basis"]
    ArrangedDay.objects.create(year=2027, day=date(2027, 1, 1), kind="OFF", name="元旦")
    page = boss.post(UPLOAD, data | {"basis": basis, "confirmed": "1"})
    assertContains(page, "有人上传了另一份放假安排")
    assert ArrangedDay.objects.count() == 1


def test_who_confirms_second_reads_who_was_first(boss):
    data = {"table": table(2027), "note": NOTE}
    basis = boss.post(UPLOAD, data).context["basis"]
    colleague, browser = make_colleague(roles.SUPERVISOR), Client()
    browser.force_login(colleague)
    browser.post(UPLOAD, data | {"basis": basis, "confirmed": "1"})
    page = boss.post(UPLOAD, data | {"basis": basis, "confirmed": "1"})
    assertContains(page, f"{named(colleague)}于 ")


def test_the_number_of_queries_of_a_preview_is_constant(boss, django_assert_max_num_queries):
    data = {"table": table(2027), "note": NOTE}
    for number in (1, 6):
        for _ in range(number):
            make_request(RequestStatus.ACCEPTED)
        with django_assert_max_num_queries(16):
            boss.post(UPLOAD, data)


def test_who_may_upload_and_who_may_read(client):
    for role, may_read in ((roles.REVIEWER, True), (roles.AUDITOR, True)):
        client.force_login(make_colleague(role))
        assert client.get(PAGE).status_code == (200 if may_read else 403)
        assert UPLOAD not in client.get(PAGE).content.decode()
        assert client.post(UPLOAD, {"table": table(2027), "note": NOTE}).status_code == 403
    assert not ArrangedDay.objects.exists()


def test_the_sample_names_the_statutory_days_and_is_a_table_itself(boss):
    answer = boss.get(reverse("admin:regions_arrangedday_sample", args=[2027]))
    assert holiday_table.read(answer.content, today=TODAY).errors == []
    assert boss.get(reverse("admin:regions_arrangedday_sample", args=[1999])).status_code == 404


def workbook_with(change):
    book = Workbook()
    change(book.active)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda sheet: None, "文件是空的"),
        (lambda sheet: sheet.cell(2, 16384, "日期"), "内容在更靠右的列里"),
        (lambda sheet: sheet.cell(1048576, 1, "日期"), "太多空行"),
    ],
)
def test_an_odd_workbook_is_refused_for_what_is_odd(change, why):
    with pytest.raises(UnreadableSheet) as refused:
        holiday_table.read(workbook_with(change), today=date(2027, 1, 1))
    assert why in refused.value.message


def test_a_text_that_is_too_long_is_no_open_quote():
    text = f"日期,类型,名称\n2027-01-01,放假,{'长' * 200_000}\n"
    with pytest.raises(UnreadableSheet) as refused:
        holiday_table.read(text.encode(), today=date(2027, 1, 1))
    assert "第 2 行有一格的文字太长" in refused.value.message
