"""The table of one department stays that department's, whatever is done at it."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.common.moments import day_of
from apps.handout.models import Department
from tests.factories.boxes import make_waiting
from tests.factories.people import make_holder

pytestmark = pytest.mark.django_db
TABLE = reverse("admin:handout_boxcard_changelist")
FIELD = re.compile(r'name="(department|proxy)" value="(\w+)"')


def test_the_table_comes_back_to_its_department_after_a_card_was_handed_out(desk, handler):
    chemist = make_holder(name="韩丑", department="化学学院")
    row = make_waiting(handler, at=timezone.now(), holder=chemist)
    make_waiting(handler, at=timezone.now(), holder=make_holder(department="数学学院"))
    department = Department.objects.get(name="化学学院").reference
    here = f"{TABLE}?department={department}"
    own_page = reverse("admin:handout_boxcard_change", args=[row.reference])
    assert f'href="{own_page}?department={department}"' in desk.get(here).content.decode()

    def sent(name, page, **data):
        """What the browser sends from `page`, with its hidden fields."""
        url = reverse(f"admin:handout_boxcard_{name}", args=[row.reference] if not data else [])
        return desk.post(url, dict(FIELD.findall(page)) | data)

    found = sent("scan", desk.get(here).content.decode(), text="韩丑")
    assert found.url == f"{own_page}?department={department}"
    done = sent("hand_out", desk.get(found.url).content.decode())
    assert done.url == f"{here}&last={row.reference}"
    assert sent("hand_out", desk.get(found.url).content.decode()).url == found.url
    assert sent("take_back", desk.get(done.url).content.decode()).url == here
    paper = reverse("admin:handout_boxcard_paper") + f"?department={department}"
    signed = {"paper-signed": [row.reference], "paper-date": day_of(timezone.now())}
    assert desk.post(paper, signed | {"paper-time": "00:00"}).url == here
