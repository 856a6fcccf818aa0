"""登录记录: what happened to one's own account."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.account.own_sessions import views
from apps.events.models import Event
from apps.people.services import enter_staff_member
from tests.account.test_sign_in import sign_in
from tests.factories.people import make_holder

pytestmark = pytest.mark.django_db
PAGE = reverse("account:sign_ins")
WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) MicroMessenger/8.0 Safari/604.1"


def test_the_owner_reads_sign_ins_and_failures_with_device_network_and_way(client, settings):
    settings.NAMED_NETWORKS = {"校园网": "10.0.0.0/8"}
    holder = make_holder()
    stranger = type(client)(REMOTE_ADDR="202.194.7.7")
    sign_in(stranger, holder.user.employee_number, "wrong-password-1")
    here = type(client)(REMOTE_ADDR="10.9.8.7", headers={"User-Agent": WECHAT})
    sign_in(here, holder.user.employee_number)
    page = here.get(PAGE).content.decode()
    assert page.index("登录方式") < page.index("登录失败")
    for words in ("苹果手机上的微信", "校园网", "互联网", "密码", "是您本人吗"):
        assert words in page
    assert "202.194" not in page
    facts = str(list(Event.objects.values_list("facts", flat=True)))
    assert "202.194" not in facts
    assert "10.9" not in facts


def test_a_change_of_the_phone_by_hr_stands_there_too(client):
    holder = make_holder(phone="13900001234")
    enter_staff_member(
        employee_number=holder.user.employee_number,
        id_number=holder.id_number,
        particulars={"phone": "13900005678"},
        by=None,
        at=timezone.now(),
    )
    client.force_login(holder.user)
    assert "变更手机号" in client.get(PAGE).content.decode()


def test_nobody_reads_of_another_account(client):
    other = make_holder()
    sign_in(type(client)(), other.user.employee_number, "wrong-password-1")
    client.force_login(make_holder().user)
    assert "登录失败" not in client.get(PAGE).content.decode()


def test_older_ones_are_on_further_pages(client, monkeypatch):
    monkeypatch.setattr(views, "EVENTS_A_PAGE", 2)
    holder = make_holder()
    for _ in range(3):
        client.force_login(holder.user)
    first = client.get(PAGE)
    assert "更早的" in first.content.decode()
    second = client.get(PAGE, {"page": 2})
    assert len(first.context["rows"]) + len(second.context["rows"]) >= 3
    assert client.get(PAGE, {"page": "x"}).status_code == 200
