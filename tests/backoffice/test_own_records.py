"""What a supervisor may not change: what is kept about themselves and their own children."""

import pytest
from django.urls import reverse

from apps.desk import roles
from apps.events.models import Event
from apps.roster.resource import OWN_ROW
from tests.factories.people import make_colleague, make_holder, make_ward
from tests.factories.rosters import apply, line, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(client):
    user = make_colleague(roles.SUPERVISOR)
    client.force_login(user)
    return user


def saved(client, holder):
    """The department after an attempt to change it."""
    page = reverse("admin:people_holder_change", args=[holder.pk])
    form = client.get(page).context["adminform"].form
    data = {"department": "改过的学院", "shown": getattr(form, "token", "")}
    client.post(page, data)
    holder.refresh_from_db()
    return holder.department


def test_a_supervisor_changes_others_and_neither_themselves_nor_a_child(client, supervisor):
    own = getattr(supervisor, "holder", None) or make_holder(user=supervisor)
    assert saved(client, make_holder()) == "改过的学院"
    assert saved(client, own) != "改过的学院"
    assert saved(client, make_ward(own)) != "改过的学院"


def test_a_change_is_an_event_with_before_and_after_masked(client, supervisor):
    holder = make_holder(department="信息学院")
    saved(client, holder)
    facts = Event.objects.filter(holder_id=holder.pk, action="CHANGE").last().facts
    assert facts["changes"]["department"] == ["***院", "****院"]
    assert "信息" not in str(facts)


def test_a_roster_changes_no_row_of_its_uploader(supervisor):
    own = make_holder(user=supervisor, department="信息学院")
    other = make_holder(department="信息学院")
    roster = upload(supervisor, line(own, department="图书馆"), line(other, department="图书馆"))
    apply(roster, supervisor)
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.department, other.department) == ("信息学院", "图书馆")
    assert OWN_ROW in str([row.problems for row in roster.rows.all()])
