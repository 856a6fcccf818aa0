"""Hand-out days are told, once; people are reminded; what nobody fetches goes back."""

from datetime import timedelta

import pytest

from apps.common.deadlines import Deadline
from apps.common.refusals import Refused
from apps.handout import arranging, counting, departments, handing, reminders
from apps.handout.enums import BoxCardAction, BoxCardStatus, DayStatus, HandedWay
from apps.handout.models import BoxCard, Department
from apps.handout.standing import at_the_unit, rows_of
from apps.waiting.standing import standing
from tests.factories.boxes import ARRIVED, make_day, make_waiting
from tests.factories.people import make_holder

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def invite(at):
    return arranging.invite_due(at=at, deadline=Deadline(5))


def remind(at):
    return reminders.remind_due(at=at, deadline=Deadline(5))


def test_everybody_of_the_department_is_told_once(handler):
    chemist = make_waiting(handler, holder=make_holder(department="化学学院"))
    make_waiting(handler, holder=make_holder(department="数学学院"))
    make_day(handler, department=Department.objects.get(name="化学学院"))
    assert (invite(ARRIVED), invite(ARRIVED + DAY)) == (1, 0)
    event = chemist.events.get(action=BoxCardAction.INVITE)
    assert event.facts["place"] == "化学楼 301"


def test_cards_that_come_later_are_told_too(handler):
    make_day(handler)
    invite(ARRIVED)
    make_waiting(handler)
    assert invite(ARRIVED + timedelta(hours=1)) == 1


def test_a_change_is_told_again_and_a_cancelled_day_too(handler):
    row, day = make_waiting(handler), make_day(handler)
    invite(ARRIVED)
    arranging.change(
        day=day,
        place="图书馆大厅",
        starts_at=day.starts_at,
        ends_at=day.ends_at,
        by=handler,
        at=ARRIVED + timedelta(hours=1),
    )
    assert invite(ARRIVED + timedelta(hours=1)) == 1
    arranging.call_off(day=day, by=handler, at=ARRIVED + timedelta(hours=2))
    row.refresh_from_db()
    assert (row.day, row.events.last().action) == (None, BoxCardAction.CALL_OFF)


def test_a_day_ends_by_the_clock(handler):
    day = make_day(handler)
    assert day.status_at(day.ends_at) == DayStatus.OVER
    with pytest.raises(Refused) as refusal:
        make_day(handler, starts_at=ARRIVED - DAY, ends_at=ARRIVED)
    assert refusal.value.code == "past"


def test_people_are_reminded_the_day_before_and_then_weekly(handler, settings):
    make_waiting(handler)
    day = make_day(handler)
    invite(ARRIVED)
    before = day.starts_at - settings.HAND_OUT_NOTICE
    assert remind(before - timedelta(seconds=1)) == 0
    assert (remind(before), remind(before + DAY)) == (1, 0)
    assert remind(before + settings.HAND_OUT_REMINDER) == 1


def test_the_desk_reminds_nobody_who_was_told_lately(handler, settings):
    make_waiting(handler)
    make_day(handler)
    invite(ARRIVED)
    rows = BoxCard.objects.all()
    assert reminders.remind_now(rows=rows, by=handler, at=ARRIVED + DAY) == 0
    later = ARRIVED + settings.HAND_OUT_REMINDER_GAP
    assert reminders.remind_now(rows=rows, by=handler, at=later) == 1


def test_a_card_is_kept_to_the_end_of_its_term(handler):
    row = make_waiting(handler)
    end = row.kept_until
    assert row.status_at(end - timedelta(seconds=1)) == BoxCardStatus.IN_BOX
    assert row.status_at(end) == BoxCardStatus.TO_RETURN
    assert reminders.end_keeping(at=end, deadline=Deadline(5)) == 1
    due = BoxCard.objects.filter(status=BoxCardStatus.TO_RETURN)
    assert counting.give_back(rows=due, seen=1, by=handler, at=end) == 1


def test_a_card_is_kept_up_to_the_day_that_its_holder_was_told(handler):
    row = make_waiting(handler)
    begins = row.kept_until + DAY
    at = row.kept_until - DAY
    day = make_day(handler, at=at, starts_at=begins, ends_at=begins + timedelta(hours=2))
    assert invite(at) == 1
    row = BoxCard.objects.select_related("card", "card_request", "day").get(pk=row.pk)
    assert row.status_at(day.ends_at) == BoxCardStatus.IN_BOX
    assert row.status_at(row.kept_until) == BoxCardStatus.TO_RETURN
    # Handed out to the wrong person, called off meanwhile, and taken back.
    handing.hand_out(box_card=row, way=HandedWay.NUMBER, by=handler, at=at)
    arranging.call_off(day=day, by=handler, at=at)
    row = BoxCard.objects.select_related("card", "card_request", "day").get(pk=row.pk)
    handing.take_back(box_card=row, by=handler, at=at + timedelta(minutes=1))
    row.refresh_from_db()
    assert (row.day, row.invited_at) == (None, None)


def test_a_day_is_not_arranged_for_another_year_by_mistake(handler):
    begins = ARRIVED + timedelta(days=365)
    with pytest.raises(Refused) as refusal:
        make_day(handler, starts_at=begins, ends_at=begins + timedelta(hours=2))
    assert refusal.value.code == "far"


def test_the_page_says_when_and_where(handler):
    row = make_waiting(handler)
    make_day(handler)
    invite(ARRIVED)
    request = row.card_request
    now = standing(request, shipment=request.shipment, at=ARRIVED)
    told = at_the_unit(now, rows_of([request])[request.pk], at=ARRIVED)
    assert "化学楼 301" in told.by_when
    assert told.waits_for_applicant


def test_departments_follow_the_roster():
    make_holder(department="化学学院")
    assert (departments.follow_roster(at=ARRIVED), departments.follow_roster(at=ARRIVED)) == (1, 0)


def test_a_contact_is_one_of_the_department(handler):
    make_holder(department="化学学院")
    outsider = make_holder(department="数学学院")
    departments.follow_roster(at=ARRIVED)
    with pytest.raises(Refused) as refusal:
        departments.name_contact(
            department=Department.objects.get(name="化学学院"),
            employee_number=outsider.user.employee_number,
            by=handler,
            at=ARRIVED,
        )
    assert refusal.value.code == "unknown"


def test_the_same_people_are_not_asked_to_come_twice_at_one_time(handler):
    make_holder(department="化学学院")
    departments.follow_roster(at=ARRIVED)
    chemistry = Department.objects.get(name="化学学院")
    first = make_day(handler, department=chemistry)
    values = {"department": chemistry, "place": "大厅", "by": handler, "at": ARRIVED}
    with pytest.raises(Refused) as refusal:
        make_day(handler, department=chemistry)
    assert (refusal.value.code, refusal.value.row) == ("overlap", first)
    assert "化学楼 301" in refusal.value.message
    # Directly after it, another day, and the day of everybody else.
    later = first.ends_at + timedelta(hours=1)
    second = arranging.arrange(starts_at=first.ends_at, ends_at=later, **values)
    make_day(handler, department=chemistry, starts_at=first.starts_at + DAY, ends_at=later + DAY)
    make_day(handler)
    times = {"starts_at": first.starts_at, "ends_at": later}
    change = {"day": second, "place": "大厅", "by": handler, "at": ARRIVED}
    with pytest.raises(Refused, match="overlap"):
        arranging.change(**change, **times)
    arranging.change(**change, starts_at=second.starts_at, ends_at=later + timedelta(hours=1))
    arranging.call_off(day=first, by=handler, at=ARRIVED)
    arranging.change(**change, **times)
