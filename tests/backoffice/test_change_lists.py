"""Django's own lists: each cell says its column, and the header says who is signed in."""

import re

import pytest
from django.contrib import admin
from django.db.models import DateTimeField
from django.test import RequestFactory
from django.urls import reverse

from apps.desk import roles
from tests.desk.test_admin_lists import LISTS
from tests.factories.people import make_colleague, make_holder

pytestmark = pytest.mark.django_db


def test_each_cell_says_its_column(client):
    client.force_login(make_colleague(roles.AUDITOR))
    make_holder()
    page = client.get(reverse("admin:people_holder_changelist")).text
    row = page[page.index("<tbody>") : page.index("</tbody>")]
    assert re.findall(r'data-label="([^"]+)"', row) == [
        "编号",
        "姓名",
        "工号",
        "部门",
        "社会保障号码",
    ]


def test_the_box_of_a_row_has_no_label(client):
    client.force_login(make_colleague(roles.ADMINISTRATOR))
    page = client.get(reverse("admin:people_user_changelist")).text
    assert '<td class="action-checkbox"><input' in page
    assert '<th data-label="工号" class="field-employee_number"><a href=' in page


def test_the_header_says_the_name_where_it_is_known(client):
    client.force_login(make_colleague(roles.REVIEWER, employee_number="R00042"))
    assert "<strong>工号 R00042</strong>" in client.get(reverse("admin:index")).text
    user = make_colleague(roles.REVIEWER)
    make_holder(user=user, name="何听雨")
    client.force_login(user)
    page = client.get(reverse("admin:index")).text
    assert "<strong>何听雨</strong>" in page
    assert user.employee_number not in page


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.label)
def test_no_list_with_a_moment_is_in_the_order_of_its_key(model):
    """What came last is not what has the highest key: rows are brought in later too."""
    desk = admin.site._registry[model]
    shown = [str(getattr(name, "__name__", name)) for name in desk.list_display]
    moments = [
        field.name
        for field in model._meta.fields
        if isinstance(field, DateTimeField) and field.name in shown
    ]
    first = (desk.get_ordering(RequestFactory().get("/")) or ["-pk"])[0]
    assert not moments or first not in ("pk", "-pk"), moments
