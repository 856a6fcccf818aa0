"""A department gets another name in the roster: its waiting cards and its days go along."""

from datetime import timedelta

import pytest

from apps.common.deadlines import Deadline
from apps.handout import arranging, departments, handing, looks
from apps.handout.enums import DepartmentAction, HandedWay
from apps.handout.models import BoxCard, Department, HandOutDay
from apps.handout_desk import lists
from apps.people.models import Holder
from tests.factories.boxes import ARRIVED, make_day, make_waiting
from tests.factories.people import make_holder, make_ward

pytestmark = pytest.mark.django_db
LATER = ARRIVED + timedelta(hours=1)
OLD, NEW = "化学学院", "化学与材料学院"


def rename(*holders, to=NEW):
    Holder.objects.filter(pk__in=[holder.pk for holder in holders]).update(department=to)
    departments.follow_roster(at=LATER)


def department(name):
    return Department.objects.get(name=name)


def waiting_by_department():
    return {one.name: one.waiting for one in lists.departments_waiting(LATER)}


def test_waiting_cards_stand_under_the_new_name_also_those_of_children(handler):
    chemist = make_holder(department=OLD)
    own = make_waiting(handler, holder=chemist)
    ward = make_ward(chemist)
    Holder.objects.filter(pk=ward.pk).update(department="")
    make_waiting(handler, guardian=chemist, holder=ward)
    make_waiting(handler, holder=make_holder(department="数学学院"))
    rename(chemist)
    assert waiting_by_department() == {NEW: 2, "数学学院": 1}
    assert own in lists.waiting(department(NEW))
    departments.follow_roster(at=LATER)
    assert waiting_by_department() == {NEW: 2, "数学学院": 1}


def test_what_was_handed_out_stays_where_it_was(handler):
    row = make_waiting(handler, holder=make_holder(department=OLD))
    row = BoxCard.objects.select_related(*handing.RELATED).get(pk=row.pk)
    handing.hand_out(box_card=row, way=HandedWay.NUMBER, by=handler, at=ARRIVED)
    rename(row.holder)
    row.refresh_from_db()
    assert row.department.name == OLD


def invite(at):
    return arranging.invite_due(at=at, deadline=Deadline(5))


def test_the_day_of_a_department_goes_along_and_who_comes_later_is_told(handler):
    first = make_waiting(handler, holder=make_holder(department=OLD))
    day = make_day(handler, department=department(OLD))
    assert invite(ARRIVED) == 1
    rename(first.holder)
    [shown] = lists.days_ahead(LATER)
    assert (shown.day, shown.day.whose, shown.left) == (day, NEW, 1)
    make_waiting(handler, holder=make_holder(department=NEW))
    assert invite(LATER) == 1


def test_a_day_stays_while_somebody_is_left_or_others_would_be_asked_to_come(handler):
    first, second = (make_waiting(handler, holder=make_holder(department=OLD)) for _ in range(2))
    make_day(handler, department=department(OLD))
    invite(ARRIVED)
    rename(first.holder)
    assert HandOutDay.objects.get().whose == OLD
    make_waiting(handler, holder=make_holder(department=NEW))
    rename(second.holder)
    assert HandOutDay.objects.get().whose == OLD


def look(of, *, by, at):
    action, channel = DepartmentAction.PRINT, "ADMIN"
    departments.record(department=of, action=action, by=by, at=at, channel=channel)
    return looks.looks().order_by("-pk")[0]


def test_in_whose_list_somebody_stood_is_known_after_the_change_as_well(handler):
    row = make_waiting(handler, holder=make_holder(department=OLD))
    make_waiting(handler, holder=make_holder(department=OLD))
    before = look(department(OLD), by=handler, at=ARRIVED)
    rename(row.holder)
    after = look(department(OLD), by=handler, at=LATER + timedelta(minutes=1))
    of_new = look(department(NEW), by=handler, at=LATER + timedelta(days=1))
    assert row.holder_id in looks.holders_in(before)
    assert row.holder_id not in looks.holders_in(after)
    assert looks.holders_in(of_new) == {row.holder_id}
    assert looks.looks_at(row.holder, limit=None) == [of_new, before]
