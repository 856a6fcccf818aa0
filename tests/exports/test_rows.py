"""What a row of an export says, and in which form."""

import pytest
from django.http import QueryDict

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.exports import columns
from apps.exports.enums import ExportFormat
from apps.exports.models import Export
from apps.people.permissions import near_keys
from apps.review.filters import RequestFilter
from tests.exports.steps import ALL, LATER, csv_rows, exported, sheet
from tests.factories.cards import make_request
from tests.factories.people import make_holder, make_ward
from tests.factories.regions import make_city

pytestmark = pytest.mark.django_db


def test_a_row_says_what_the_desk_knows_with_masked_names_and_numbers(reviewer):
    holder = make_holder(name="欧阳娜娜", department="文学院")
    card_request = make_request(RequestStatus.COLLECTED, holder=holder)
    [row] = csv_rows(exported(reviewer))
    assert list(row) == [column.label for column in columns.columns()]
    assert row["业务受理编号"] == card_request.reference
    assert row["姓名"] == "***娜"
    assert row["社会保障号码"] == f"{holder.id_number[:3]}***********{holder.id_number[-4:]}"
    assert row["手机号"] == "138****8000"
    assert (row["工号"], row["部门"]) == (holder.user.employee_number, "文学院")
    assert (row["事项"], row["状态"], row["办理方式"]) == ("申领", "已领取", "本人")
    assert (row["提交时间"], row["缴费时间"]) == ("2026-11-23 10:01:00", "2026-11-23 10:02:00")
    assert (row["最近一次决定"], row["决定时间"]) == ("审核通过", "2026-11-23 10:04:00")
    assert row["社保卡号"] == f"*****{card_request.card.card_number[-4:]}"


def test_a_full_export_shows_numbers_and_names_but_no_card_number(supervisor):
    holder = make_holder()
    card_request = make_request(RequestStatus.COLLECTED, holder=holder)
    [row] = csv_rows(exported(supervisor, is_full=True, reason="与银行核对"))
    assert row["姓名"] == holder.name
    assert row["社会保障号码"] == holder.id_number
    assert row["手机号"] == "13800138000"
    assert row["社保卡号"] == f"*****{card_request.card.card_number[-4:]}"


def test_one_s_own_case_and_a_child_s_stay_masked_in_a_full_export(supervisor):
    own = make_holder(user=supervisor)
    child = make_ward(own)
    make_request(RequestStatus.ACCEPTED, holder=own)
    make_request(RequestStatus.ACCEPTED, holder=child, by=supervisor)
    make_request(RequestStatus.ACCEPTED)
    rows = csv_rows(exported(supervisor, is_full=True, reason="与银行核对"))
    numbers = [row["社会保障号码"] for row in rows]
    assert len(rows) == 3
    assert [number for number in numbers if "*" not in number] == [numbers[2]]


def test_only_what_the_filter_chooses_is_exported(reviewer):
    wanted = make_request(RequestStatus.ACCEPTED, city=make_city("370300", "淄博市"))
    make_request(RequestStatus.ACCEPTED)
    make_request(RequestStatus.REJECTED, city=make_city("370300", "淄博市"))
    export = exported(reviewer, "city=370300&unknown=1&age=")
    assert [row["业务受理编号"] for row in csv_rows(export)] == [wanted.reference]
    assert export.filter == "city=370300"
    assert export.scope == "申领地区：淄博市"


def test_a_child_s_request_names_the_guardian(reviewer):
    guardian = make_holder(name="王大力")
    make_request(RequestStatus.ACCEPTED, holder=make_ward(guardian), by=guardian.user)
    [row] = csv_rows(exported(reviewer))
    assert (row["办理方式"], row["代办的监护人"]) == ("监护人代办", "**力")
    assert row["工号"] == guardian.user.employee_number


def test_the_workbook_keeps_numbers_as_text_and_moments_as_moments(supervisor):
    holder = make_holder()
    make_request(RequestStatus.ACCEPTED, holder=holder)
    export = exported(supervisor, format=ExportFormat.XLSX, is_full=True, reason="与银行核对")
    heading, row = sheet(export).iter_rows(values_only=True)
    cells = dict(zip(heading, row, strict=True))
    assert cells["社会保障号码"] == holder.id_number
    assert f"{cells['提交时间']:%Y-%m-%d %H:%M:%S}" == "2026-11-23 10:01:00"
    assert f"{cells['承诺办结日期']:%Y-%m-%d}" == "2026-11-26"


@pytest.mark.sampled
@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", '=HYPERLINK("x")']
)
def test_no_cell_becomes_a_formula(reviewer, text):
    make_request(RequestStatus.ACCEPTED, holder=make_holder(department=text))
    [row] = csv_rows(exported(reviewer))
    assert row["部门"] == f"'{text}"
    cell = sheet(exported(reviewer, format=ExportFormat.XLSX))["E2"]
    assert cell.data_type == "s"
    assert cell.value.strip() == text.strip()


def test_control_characters_do_not_break_a_workbook(reviewer):
    make_request(RequestStatus.ACCEPTED, holder=make_holder(department="文\x0b学\x1f院"))
    assert sheet(exported(reviewer, format=ExportFormat.XLSX))["E2"].value == "文学院"


def test_chunks_leave_nothing_out_and_tell_nothing_twice(reviewer, monkeypatch):
    monkeypatch.setattr(columns, "CHUNK", 2)
    references = [make_request(RequestStatus.ACCEPTED).reference for _ in range(5)]
    rows = csv_rows(exported(reviewer))
    assert [row["业务受理编号"] for row in rows] == references


def test_a_chunk_of_6_costs_as_many_queries_as_one_of_2(reviewer, django_assert_num_queries):
    def read():
        export = Export(by=reviewer)
        requests = RequestFilter(QueryDict(ALL))
        assert requests.is_valid()
        chosen = requests.narrow(CardRequest.objects.all(), user=reviewer, at=LATER)
        shown = columns.columns()
        return [
            columns.row(card_request, shown, is_full=card_request.pk not in near)
            for chunk in columns.chunks(chosen, at=LATER)
            for near in [near_keys(chunk, export.by)]
            for card_request in chunk
        ]

    for _ in range(2):
        make_request(RequestStatus.COLLECTED)
    read()  # what is looked up once in a process
    with django_assert_num_queries(4) as two:
        read()
    for _ in range(4):
        make_request(RequestStatus.COLLECTED)
    with django_assert_num_queries(len(two)):
        assert len(read()) == 6
