"""The contact person of a department: named at the desk, and told where the people stand."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.handout import counting, departments
from apps.handout.lists import people_of
from apps.handout.models import Box, Department
from apps.handout.packing import pack_sent
from apps.people.models import Holder
from tests.factories.boxes import make_sent_to_unit
from tests.factories.people import make_holder

pytestmark = pytest.mark.django_db


def test_who_cannot_be_the_contact_is_said_on_top_of_the_page(desk):
    for name in ("化学学院", "数学学院", "物理学院"):
        make_holder(department=name)
    departments.follow_roster(at=timezone.now())
    department = Department.objects.get(name="物理学院")
    url = reverse("admin:handout_department_contact", args=[department.reference])
    page = desk.get(reverse("admin:handout_department_changelist"))
    token = next(form.token for row, form in page.context["rows"] if row == department)
    data = {f"d{department.reference}-employee_number": "NOBODY", "shown": token}
    html = desk.post(url, data).content.decode()
    summary, rows = html.split('class="handout-cards"')
    assert "物理学院没有工号是 NOBODY 的在职人员" in summary
    assert "物理学院没有工号是 NOBODY 的在职人员" in rows


@pytest.mark.parametrize("change", [{"department": "数学学院"}, {"left_date": date(2026, 6, 1)}])
def test_a_contact_who_is_not_there_any_more_sees_nobody_and_the_desk_is_told(desk, change):
    person = make_holder(department="化学学院")
    departments.follow_roster(at=timezone.now())
    department = Department.objects.get(name="化学学院")
    Department.objects.filter(pk=department.pk).update(contact=person.user)
    page = reverse("admin:handout_department_changelist")
    assert list(Department.objects.helped_by(person.user)) == [department]
    assert "请另外指定" not in desk.get(page).content.decode()
    Holder.objects.filter(pk=person.pk).update(**change)
    assert not Department.objects.helped_by(person.user).exists()
    assert "请另外指定" in desk.get(page).content.decode()


def test_a_card_on_its_way_to_the_unit_asks_nothing_of_its_holder(handler):
    make_sent_to_unit(holder=make_holder(name="钱在路上", department="化学学院"))
    departments.follow_roster(at=timezone.now())
    pack_sent(at=timezone.now(), limit=10)
    department = Department.objects.get(name="化学学院")

    def told():
        (person,) = people_of(department, at=timezone.now()).under_way
        return person.state, person.own_action

    assert told() == ("已发往单位，到了通知领卡", "")
    box = Box.objects.get()
    counting.receive(box=box, by=handler, at=timezone.now())
    counting.check(box=box, by=handler, at=timezone.now())
    assert told() == ("箱里没有，单位在查", "")
