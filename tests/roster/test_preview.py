"""What the preview of a roster says, and that it writes nothing about people."""

from datetime import date

import pytest

from apps.people.enums import IdType
from apps.people.models import Holder, User
from apps.people.refusals import RosterConflict
from apps.people.services import enter_staff_member
from apps.roster import services as rosters
from apps.roster.enums import RowKind
from apps.roster.models import RosterRow
from tests.factories.people import make_holder, make_user, make_ward
from tests.factories.rosters import AT, NUMBER, OTHER, line, text, upload

pytestmark = pytest.mark.django_db


def kinds(found):
    return list(found.rows.order_by("pk").values_list("line", "kind"))


def test_a_preview_writes_nothing_about_people(hr):
    found = upload(hr, f"N1,张超,{NUMBER},13900001234,信息学院,")
    assert kinds(found) == [(2, "CREATED")]
    assert not Holder.objects.exists()
    assert (found.content, found.counts["created"], found.is_ready) == ("", 1, True)


def test_what_is_shown_is_masked_and_what_is_kept_is_encrypted(hr):
    found = upload(hr, f"N1,欧阳超,{NUMBER},13900001234,信息学院,")
    row = found.rows.get()
    shown = str(row.changes) + row.masked_name
    assert "**超" in shown
    for secret in ("欧阳", NUMBER, "13900001234"):
        assert secret not in shown
        stored = RosterRow.objects.extra(select={"raw": "cells"}).values_list("raw", flat=True)
        assert secret not in str(list(stored))


def test_a_change_is_shown_cell_by_cell(hr):
    holder = make_holder(department="信息学院")
    found = upload(hr, line(holder, department="图书馆"))
    assert found.rows.get().changes == [["部门", "信息学院", "图书馆"]]
    assert found.rows.get().kind == RowKind.UPDATED


def test_rows_that_change_nothing_are_only_counted(hr):
    found = upload(hr, line(make_holder()))
    assert (found.counts["unchanged"], found.rows.count()) == (1, 0)


def test_what_is_wrong_is_named_by_line_and_column(hr):
    found = upload(hr, f"N1,张超,{NUMBER},123,,", f"N2,,{OTHER},,,")
    assert [(row.line, row.problems[0][0]) for row in found.rows.order_by("line")] == [
        (2, "手机号"),
        (3, "姓名"),
    ]
    assert {row.cells for row in found.rows.all()} == {""}


def test_a_birth_date_that_makes_somebody_too_young_for_their_child_is_an_error(hr):
    holder = make_holder(
        id_number="L01X00T47",
        id_type=IdType.PASSPORT,
        nationality="DEU",
        birth_date=date(1985, 6, 15),
    )
    make_ward(holder, birth_date=date(2018, 6, 1))
    headings = "工号,姓名,社会保障号码,证件类型,国籍,性别,出生日期"
    row = f"{holder.user.employee_number},{holder.name},{holder.id_number},护照,DEU,男,"
    found = upload(hr, row + "2008-06-15", headings=headings)
    [[column, problem]] = found.rows.get().problems
    assert column == "出生日期"
    assert "没有比已确认的孩子大 12 岁" in problem
    assert upload(hr, row + "1986-06-15", headings=headings).rows.get().problems == []


def test_a_partial_roster_lets_nobody_leave(hr):
    make_holder()
    assert upload(hr, f"N1,张超,{NUMBER},,,").counts["left"] == 0


def test_whose_row_is_wrong_is_not_missing(hr):
    stay = [make_holder() for _ in range(5)]
    found = upload(hr, *map(line, stay[1:]), line(stay[0], phone="123"), is_complete=True)
    assert (found.counts["left"], found.counts["refused"]) == (0, 1)


def test_a_wrong_row_of_nobody_known_stops_the_leaving(hr):
    stay = [make_holder() for _ in range(5)]
    make_holder()
    found = upload(hr, *map(line, stay), "N1,,12345,,,", is_complete=True)
    assert found.counts["left"] == 0
    assert "第 7 行" in found.remarks[0]


def make_desk_account(employee_number):
    return make_user(employee_number, is_staff=True)


def test_nobody_locks_out_themselves_or_a_superuser(hr):
    make_holder(user=hr)
    make_holder(user=User.objects.create_superuser("ROOT"))
    staff = [make_holder() for _ in range(3)]
    found = upload(hr, *map(line, staff), is_complete=True)
    assert found.counts["left"] == 0
    assert "2 个" in found.remarks[0]
    found = upload(hr, line(hr.holder, status="离职"))
    assert found.rows.get().problems[0][0] == "在职状态"


@pytest.mark.parametrize("make", [User.objects.create_superuser, make_desk_account])
def test_no_roster_gives_a_phone_to_an_account_of_the_desk_that_is_nobody_s(hr, make):
    """Whoever wrote the row could reset the password with that phone."""
    account = make("ROOT")
    found = upload(hr, f"ROOT,张超,{NUMBER},13812341234,,在职").rows.get()
    assert found.problems[0][0] == "工号"
    assert "审核后台的账户" in found.problems[0][1]
    with pytest.raises(RosterConflict):
        enter_staff_member(
            employee_number="ROOT",
            id_number=NUMBER,
            particulars={"name": "张超", "phone": "13812341234"},
            by=hr,
            at=AT,
        )
    assert not Holder.objects.filter(user=account).exists()
    User.objects.filter(pk=account.pk).update(is_staff=False, is_superuser=False)
    later = upload(hr, f"ROOT,张超,{NUMBER},13812341235,,在职")
    assert later.rows.get().problems == []


def test_who_is_unknown_cannot_leave(hr):
    found = upload(hr, f"N1,张超,{NUMBER},,,离职")
    assert found.rows.get().problems == [
        ["在职状态", "名册里没有这个人，不用办离职。请核对工号和社会保障号码。"]
    ]


@pytest.mark.parametrize("people", [2, 6])
def test_6_rows_cost_as_many_queries_as_2(hr, people, django_assert_max_num_queries):
    known = [make_holder() for _ in range(people)]
    content = text(*(line(holder, department="图书馆") for holder in known)).encode()
    with django_assert_max_num_queries(20):
        found, _ = rosters.take_in(content=content, is_complete=True, by=hr, at=AT)
        rosters.prepare_at_once(upload=found, at=AT)
