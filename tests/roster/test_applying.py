"""What happens to a roster once its preview is confirmed."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user
from django.utils import timezone

from apps.common.moments import day_of
from apps.people import services
from apps.people.models import Holder, User
from apps.roster import applying, policies
from apps.roster import services as rosters
from apps.roster.enums import RosterStatus, RowKind, RowOutcome
from apps.roster.models import Invitation
from apps.roster.refusals import RosterRefused
from tests.factories.people import make_holder, make_id_number
from tests.factories.rosters import AT, LATER, NUMBER, OTHER, apply, line, upload

pytestmark = pytest.mark.django_db


def die(**kwargs):
    raise KeyboardInterrupt


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


def test_so_many_leaving_has_to_be_confirmed_by_typing_the_number(hr):
    stays, _ = make_holder(), make_holder()
    found = upload(hr, line(stays), is_complete=True)
    assert policies.needs_count(found)
    for typed in (None, 2):
        with pytest.raises(RosterRefused) as refused:
            applying.apply(upload=found, typed_count=typed, by=hr, at=LATER)
        assert refused.value.code == "count"
    apply(found, hr, typed_count=1)
    assert Holder.objects.employed().get() == stays


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


def test_a_preview_is_applied_once(hr):
    found = apply(upload(hr, f"N1,张超,{NUMBER},,,"), hr)
    with pytest.raises(RosterRefused, match="not_ready"):
        applying.apply(upload=found, typed_count=None, by=hr, at=LATER)
    with pytest.raises(RosterRefused, match="not_open"):
        rosters.discard(upload=found, by=hr, at=LATER)


def test_a_phone_that_one_row_frees_can_be_taken_by_a_later_one(hr):
    holder = make_holder()
    found = upload(hr, line(holder, phone="13900009999"), f"N1,张超,{NUMBER},{holder.phone},,")
    apply(found, hr)
    assert set(found.rows.values_list("outcome", flat=True)) == {RowOutcome.APPLIED}
