"""The first page of whoever hands out cards says what the lists say that it links to."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.common.deadlines import Deadline
from apps.desk import roles
from apps.handout import arranging, counting, handing, reminders
from apps.handout.enums import HandedWay
from apps.handout.models import BoxCard, Department
from apps.handout_desk import desk_start
from tests.factories.boxes import ARRIVED, make_box, make_day, make_sent_to_unit, make_waiting
from tests.factories.people import make_colleague, make_holder

pytestmark = pytest.mark.django_db
TABLE = reverse("admin:handout_boxcard_changelist")


@pytest.fixture
def desk(client, handler):
    client.force_login(handler)
    return client


def kinds(at):
    return {work.key: work for work in desk_start.collect(at)["kinds"]}


def test_a_day_of_today_says_what_its_table_says(desk, handler):
    chemists = [make_waiting(handler, holder=make_holder(department="化学学院")) for _ in range(3)]
    make_waiting(handler, holder=make_holder(department="数学学院"))
    chemistry = Department.objects.get(name="化学学院")
    day = make_day(handler, department=chemistry)
    at = day.starts_at + timedelta(minutes=5)
    arranging.change(
        day=day, place="东门", starts_at=day.starts_at, ends_at=day.ends_at, by=handler, at=at
    )
    handing.hand_out(box_card=chemists[0], way=HandedWay.NUMBER, by=handler, at=at)
    [today] = desk_start.collect(at)["today"]
    table = desk.get(TABLE, {"department": chemistry.reference}).context
    assert (today.left, today.done, today.percent) == (2, 1, 33)
    assert (today.left, today.done) == (table["left"], table["done"])
    assert today.day.place == "东门"


def test_departments_are_listed_by_what_waits_with_the_day_that_is_theirs(handler):
    for department, cards in (("数学学院", 1), ("化学学院", 2)):
        for _ in range(cards):
            make_waiting(handler, holder=make_holder(department=department))
    make_day(handler, department=Department.objects.get(name="化学学院"))
    part = desk_start.collect(ARRIVED)
    found = [(one.name, one.waiting, bool(one.day)) for one in part["departments"]]
    assert found == [("化学学院", 2, True), ("数学学院", 1, False)]
    assert part["left"] == 3 == BoxCard.objects.at_the_unit().count()


def test_boxes_and_cards_that_need_somebody_lead_to_where_it_is_done(desk, handler):
    found, lost = make_sent_to_unit(), make_sent_to_unit()
    box = make_box(handler, found, lost, counted=[found])
    assert (kinds(ARRIVED)["boxes"].count, kinds(ARRIVED)["missing"].count) == (1, 0)
    counting.count(box=box, text="ZZ9999999", by=handler, at=ARRIVED)
    counting.check(box=box, by=handler, at=ARRIVED)
    now = kinds(ARRIVED)
    assert [now[key].count for key in ("boxes", "missing", "surplus", "to_return")] == [0, 1, 1, 0]
    for key in ("missing", "surplus"):
        page = desk.get(now[key].url)
        assert len(page.context[key]) == now[key].count


def test_what_was_kept_long_enough_is_counted_as_on_the_table(desk, handler):
    end = make_waiting(handler).kept_until
    reminders.end_keeping(at=end, deadline=Deadline(5))
    due = kinds(end)["to_return"]
    assert due.count == desk.get(due.url).context["to_return"] == 1


def test_more_departments_and_days_cost_no_more_queries(handler):
    counts = []
    for number in (2, 4):
        for index in range(number):
            name = f"学院{number}{index}"
            make_waiting(handler, holder=make_holder(department=name))
            make_day(handler, department=Department.objects.get(name=name))
        with CaptureQueriesContext(connection) as captured:
            part = desk_start.collect(ARRIVED)
        counts.append(len(captured))
    assert len(part["departments"]) == 6
    assert counts[0] == counts[1]


def test_whoever_has_two_roles_has_both_parts(client):
    user = make_colleague(roles.HANDER)
    user.groups.add(Group.objects.get(name=roles.FINANCE))
    client.force_login(user)
    html = client.get(reverse("admin:index")).content.decode()
    assert "单位领卡</h" in html
    assert "款项</h" in html
    assert html.count("<h1") == 1
