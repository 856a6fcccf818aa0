"""The full data of a person on the roster: behind a reason, and logged."""

from datetime import date

import pytest
from django.urls import reverse

from apps.desk import event_kinds, roles
from tests.book import looks
from tests.factories.people import make_colleague, make_holder

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(client):
    supervisor = make_colleague(roles.SUPERVISOR)
    client.force_login(supervisor)
    return supervisor


def disclose(holder):
    return reverse("admin:people_holder_disclose", args=[holder.reference])


def test_a_look_needs_a_reason_and_is_logged(client, supervisor):
    holder = make_holder(name="欧阳超")
    change = client.get(reverse("admin:people_holder_change", args=[holder.pk]))
    assert disclose(holder) in change.content.decode()
    for response in (client.get(disclose(holder)), client.post(disclose(holder), {})):
        assert holder.id_number not in response.content.decode()
    assert not looks().exists()
    html = client.post(disclose(holder), {"disclosure-reason": "核对号码"}).content.decode()
    assert holder.id_number in html
    assert holder.name in html
    look = looks().get()
    assert (look.by, look.holder_id, look.reason) == (supervisor, holder.pk, "核对号码")
    assert holder.id_number not in client.get(disclose(holder)).content.decode()


def test_the_account_of_a_person_is_no_link_to_a_page_that_supervisors_may_not_read(
    client, supervisor
):
    holder = make_holder()
    html = client.get(reverse("admin:people_holder_change", args=[holder.pk])).content.decode()
    assert holder.user.employee_number in html
    assert "/people/user/" not in html


def test_nobody_looks_at_their_own(client, supervisor):
    own = make_holder(user=supervisor)
    response = client.post(disclose(own), {"disclosure-reason": "x"}, follow=True)
    assert own.id_number not in response.content.decode()
    assert not looks().exists()


@pytest.mark.parametrize("role", [roles.REVIEWER, roles.ADMINISTRATOR])
def test_others_do_not_get_in(client, role):
    client.force_login(make_colleague(role))
    holder = make_holder()
    assert client.post(disclose(holder), {"disclosure-reason": "x"}).status_code == 403


def test_the_log_names_the_person_by_reference(client, supervisor):
    holder = make_holder()
    client.post(disclose(holder), {"disclosure-reason": "核对号码"})
    client.force_login(make_colleague(roles.AUDITOR))
    html = client.get(reverse("admin:events_event_changelist")).content.decode()
    assert holder.reference in html


def test_a_look_is_at_one_thing(client, supervisor):
    holder, _ = make_holder(), make_holder()
    client.post(disclose(holder), {"disclosure-reason": "核对号码"})
    assert [(look.kind, look.subject_id) for look in looks()] == [(event_kinds.HOLDER, holder.pk)]


def test_the_list_names_the_employee_number_and_tells_who_has_left(client, supervisor):
    here = make_holder()
    left = make_holder(left_date=date(2026, 1, 31))
    url = reverse("admin:people_holder_changelist")

    def listed(employment=""):
        html = client.get(url, {"employment": employment}).content.decode()
        return {each for each in (here, left) if each.user.employee_number in html}

    assert (listed(), listed("here"), listed("left")) == ({here, left}, {here}, {left})
    assert listed("x") == {here, left}
    assert "工号" in client.get(url).content.decode()


def test_the_way_back_from_a_list_names_no_program_part(client, supervisor):
    html = client.get(reverse("admin:my_data_correction_changelist")).content.decode()
    assert f'href="{reverse("admin:app_list", args=["my_data"])}"' not in html
    assert "首页</a> &rsaquo; 更正请求" in html
