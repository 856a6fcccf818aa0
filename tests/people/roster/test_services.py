"""Rosters that HR uploads: the preview, and what becomes of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import get_user
from django.utils import timezone

from apps.common.moments import day_of
from apps.people import services
from apps.people.enums import RosterStatus, RowKind, RowOutcome
from apps.people.models import Holder, Invitation, RosterRow, RosterUpload, User
from apps.people.roster import applying
from apps.people.roster import services as rosters
from apps.people.roster.services import RosterRefused
from apps.people.roster.xlsx import UnreadableRoster
from tests.factories.people import make_holder, make_id_number, make_user

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)
NUMBER = make_id_number(birth_date=date(1979, 3, 3), sex="1", sequence=11)
OTHER = make_id_number(birth_date=date(1979, 3, 4), sex="2", sequence=12)


@pytest.fixture
def hr():
    return make_user("HR1", is_staff=True)


def text(*rows, headings="工号,姓名,社会保障号码,手机号,部门,在职状态"):
    return "\n".join([headings, *rows, ""])


def upload(hr, *rows, is_complete=False, at=AT, **options):
    found, _ = rosters.take_in(
        content=text(*rows, **options).encode(), is_complete=is_complete, by=hr, at=at
    )
    rosters.prepare_at_once(upload=found, at=at)
    found.refresh_from_db()
    return found


def line(holder, *, phone=None, department=None, status=""):
    return ",".join(
        [
            holder.user.employee_number,
            holder.name,
            holder.id_number,
            holder.phone if phone is None else phone,
            holder.department if department is None else department,
            status,
        ]
    )


def apply(found, hr, *, at=LATER, typed_count=None, limit=500):
    applying.apply(upload=found, typed_count=typed_count, by=hr, at=at)
    applying.work(upload=found, at=at, limit=limit)
    found.refresh_from_db()
    return found


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


def test_applying_enters_changes_and_locks_out(hr):
    stays, goes = make_holder(department="信息学院"), make_holder()
    found = upload(
        hr,
        f"N1,张超,{NUMBER},13900001234,信息学院,在职",
        line(stays, department="图书馆"),
        line(goes, status="离职"),
    )
    apply(found, hr, typed_count=1)
    assert User.objects.get(employee_number="N1").holder.name == "张超"
    stays.refresh_from_db()
    goes.refresh_from_db()
    assert stays.department == "图书馆"
    assert (goes.left_date, goes.user.is_active) == (day_of(LATER), False)
    assert (found.status, found.status_since) == (RosterStatus.APPLIED, LATER)
    assert {(row.outcome, row.cells) for row in found.rows.all()} == {(RowOutcome.APPLIED, "")}


def test_applying_goes_on_where_it_was_killed_and_twice_changes_nothing(hr):
    numbers = [make_id_number(birth_date=date(1979, 3, 5), sequence=n) for n in range(5)]
    found = upload(hr, *(f"N{n},张超,{number},,," for n, number in enumerate(numbers)))
    apply(found, hr, limit=2)
    assert (Holder.objects.count(), found.status) == (2, RosterStatus.APPLYING)
    applying.work_due(at=LATER, limit=500)
    applying.work_due(at=LATER, limit=500)
    found.refresh_from_db()
    assert (Holder.objects.count(), Invitation.objects.count()) == (5, 5)
    assert (found.status, found.status_since) == (RosterStatus.APPLIED, LATER)


def die(**kwargs):
    raise KeyboardInterrupt


def test_a_row_that_fails_in_a_way_nobody_foresaw_does_not_stop_the_others(hr, monkeypatch):
    enter = services.enter_staff_member

    def fail_for_one(**entry):
        return 1 / 0 if entry["employee_number"] == "N1" else enter(**entry)

    monkeypatch.setattr(services, "enter_staff_member", fail_for_one)
    found = apply(upload(hr, f"N1,张超,{NUMBER},,,", f"N2,李强,{OTHER},,,"), hr)
    outcomes = found.rows.order_by("line").values_list("outcome", flat=True)
    assert list(outcomes) == [RowOutcome.REFUSED, RowOutcome.APPLIED]
    assert Holder.objects.get().name == "李强"
    assert (found.status, found.status_since) == (RosterStatus.APPLIED, LATER)


def test_who_died_at_the_work_is_followed_by_another(hr):
    found = upload(hr, f"N1,张超,{NUMBER},,,")
    applying.apply(upload=found, typed_count=None, by=hr, at=AT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services, "enter_staff_member", die)
        with pytest.raises(KeyboardInterrupt):
            applying.work_due(at=AT, limit=500)
    applying.work_due(at=AT + timedelta(minutes=1), limit=500)
    assert not Holder.objects.exists()
    applying.work_due(at=AT + timedelta(minutes=6), limit=500)
    assert Holder.objects.count() == 1


def test_a_row_whose_person_changed_since_the_preview_is_not_applied(hr):
    holder = make_holder(department="信息学院")
    found = upload(hr, line(holder, department="图书馆"))
    Holder.objects.filter(pk=holder.pk).update(department="校医院")
    apply(found, hr)
    row = found.rows.get()
    assert row.outcome == RowOutcome.REFUSED
    assert "有了变化" in row.problems[0][1]
    holder.refresh_from_db()
    assert holder.department == "校医院"


def test_a_row_that_has_come_true_by_itself_is_done(hr):
    holder = make_holder(department="信息学院")
    found = upload(hr, line(holder, department="图书馆"))
    Holder.objects.filter(pk=holder.pk).update(department="图书馆")
    apply(found, hr)
    assert found.rows.get().outcome == RowOutcome.NOTHING_LEFT


def test_a_new_person_whom_somebody_else_entered_meanwhile_is_left_alone(hr):
    found = upload(hr, f"N1,张超,{NUMBER},,图书馆,")
    services.enter_staff_member(
        employee_number="N1", id_number=NUMBER, particulars={"name": "张超"}, by=hr, at=AT
    )
    apply(found, hr)
    assert found.rows.get().outcome == RowOutcome.REFUSED
    assert Holder.objects.get().department == ""


def test_a_complete_roster_lets_everybody_who_is_missing_leave(hr):
    stay = [make_holder() for _ in range(5)]
    gone = make_holder()
    found = upload(hr, *map(line, stay), is_complete=True)
    assert [(row.kind, row.holder) for row in found.rows.all()] == [(RowKind.LEFT, gone)]
    apply(found, hr)
    assert not User.objects.get(pk=gone.user_id).is_active
    assert Holder.objects.employed().count() == 5


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


def test_so_many_leaving_has_to_be_confirmed_by_typing_the_number(hr):
    stays, _ = make_holder(), make_holder()
    found = upload(hr, line(stays), is_complete=True)
    assert applying.needs_count(found)
    for typed in (None, 2):
        with pytest.raises(RosterRefused) as refused:
            applying.apply(upload=found, typed_count=typed, by=hr, at=LATER)
        assert refused.value.code == "count"
    apply(found, hr, typed_count=1)
    assert Holder.objects.employed().get() == stays


def test_nobody_locks_out_themselves_or_a_superuser(hr):
    make_holder(user=hr)
    make_holder(user=User.objects.create_superuser("ROOT"))
    staff = [make_holder() for _ in range(3)]
    found = upload(hr, *map(line, staff), is_complete=True)
    assert found.counts["left"] == 0
    assert "2 个" in found.remarks[0]
    found = upload(hr, line(hr.holder, status="离职"))
    assert found.rows.get().problems[0][0] == "在职状态"


def test_who_is_unknown_cannot_leave(hr):
    found = upload(hr, f"N1,张超,{NUMBER},,,离职")
    assert found.rows.get().problems == [
        ["在职状态", "名册里没有这个人，不用办离职。请核对工号和社会保障号码。"]
    ]


def test_who_left_is_signed_out_at_once_and_a_session_does_not_come_back(hr, client):
    goes = make_holder()
    client.force_login(goes.user)
    now = timezone.now()
    apply(upload(hr, line(goes, status="离职"), at=now), hr, typed_count=1, at=now)
    assert not get_user(client).is_authenticated
    User.objects.filter(pk=goes.user_id).update(is_active=True)
    assert not get_user(client).is_authenticated


def test_who_comes_back_may_sign_in_again(hr):
    back = make_holder()
    apply(upload(hr, line(back, status="离职")), hr, typed_count=1)
    found = upload(hr, line(back))
    assert found.rows.get().changes == [["在职状态", "离职", "在职"]]
    apply(found, hr)
    back.refresh_from_db()
    assert (back.left_date, User.objects.get(pk=back.user_id).is_active) == (None, True)
    assert not Invitation.objects.exists()  # the password is still the old one


def test_an_account_that_was_locked_by_hand_stays_locked(hr):
    holder = make_holder(department="信息学院")
    User.objects.filter(pk=holder.user_id).update(is_active=False)
    apply(upload(hr, line(holder, department="图书馆")), hr)
    assert not User.objects.get(pk=holder.user_id).is_active


def test_the_same_file_again_leads_to_the_open_preview(hr):
    row = f"N1,张超,{NUMBER},,,"
    first = upload(hr, row)
    assert upload(hr, row) == first
    assert upload(hr, row, is_complete=True) != first
    apply(first, hr)
    assert upload(hr, row) != first


def test_a_preview_is_applied_once(hr):
    found = apply(upload(hr, f"N1,张超,{NUMBER},,,"), hr)
    with pytest.raises(RosterRefused, match="not_ready"):
        applying.apply(upload=found, typed_count=None, by=hr, at=LATER)
    with pytest.raises(RosterRefused, match="not_open"):
        rosters.discard(upload=found, by=hr, at=LATER)


def test_a_discarded_preview_keeps_nothing_about_people(hr):
    found = upload(hr, f"N1,张超,{NUMBER},,,")
    rosters.discard(upload=found, by=hr, at=LATER)
    assert not RosterRow.objects.exists()
    found.refresh_from_db()
    with pytest.raises(RosterRefused):
        applying.apply(upload=found, typed_count=None, by=hr, at=LATER)


def test_a_preview_that_nobody_applied_is_dropped_after_a_day(hr):
    found = upload(hr, f"N1,张超,{NUMBER},,,")
    day = timedelta(days=1)
    with pytest.raises(RosterRefused, match="too_old"):
        applying.apply(upload=found, typed_count=None, by=hr, at=AT + day)
    rosters.discard_old(at=AT + day, limit=10)
    found.refresh_from_db()
    assert (found.status, found.status_since) == (RosterStatus.DISCARDED, AT + day)
    assert found.rows.count() == 0


def test_a_big_file_waits_for_the_worker(hr, monkeypatch):
    monkeypatch.setattr(rosters, "AT_ONCE_BYTES", 10)
    found = upload(hr, f"N1,张超,{NUMBER},,,")
    assert (found.is_unread, found.is_ready) == (True, False)
    rosters.prepare_due(at=LATER)
    rosters.prepare_due(at=LATER + timedelta(minutes=1))
    found.refresh_from_db()
    assert (found.status, found.status_since) == (RosterStatus.READ, LATER)
    assert (found.counts["created"], found.content) == (1, "")
    assert found.rows.count() == 1


def test_a_big_file_that_cannot_be_read_says_why(hr, monkeypatch):
    monkeypatch.setattr(rosters, "AT_ONCE_BYTES", 10)
    found, _ = rosters.take_in(content=b"a,b\n1,2\n" * 5, is_complete=False, by=hr, at=AT)
    rosters.prepare_due(at=LATER)
    found.refresh_from_db()
    assert "缺少这些列" in found.refusal
    assert not found.is_ready


def test_a_small_file_that_cannot_be_read_is_not_kept(hr):
    with pytest.raises(UnreadableRoster):
        rosters.take_in(content=b"a,b\n1,2\n", is_complete=False, by=hr, at=AT)
    assert not RosterUpload.objects.exists()


def test_photos_and_passwords_do_not_come_through_the_browser(hr):
    found = upload(
        hr, f"N1,张超,{NUMBER},a.jpg,secret-word-1", headings="工号,姓名,社会保障号码,照片,初始密码"
    )
    assert found.remarks == ["没有用到的列：照片、初始密码。"]
    assert "secret-word-1" not in found.rows.get().cells


@pytest.mark.parametrize("people", [2, 20])
def test_20_rows_cost_as_many_queries_as_2(hr, people, django_assert_max_num_queries):
    known = [make_holder() for _ in range(people)]
    content = text(*(line(holder, department="图书馆") for holder in known)).encode()
    with django_assert_max_num_queries(20):
        found, _ = rosters.take_in(content=content, is_complete=True, by=hr, at=AT)
        rosters.prepare_at_once(upload=found, at=AT)


def test_a_phone_that_one_row_frees_can_be_taken_by_a_later_one(hr):
    holder = make_holder()
    found = upload(hr, line(holder, phone="13900009999"), f"N1,张超,{NUMBER},{holder.phone},,")
    apply(found, hr)
    assert set(found.rows.values_list("outcome", flat=True)) == {RowOutcome.APPLIED}
