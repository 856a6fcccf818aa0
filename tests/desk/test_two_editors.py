"""Two editors of one row: nobody overwrites unseen what the other one has saved."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client, RequestFactory
from django.urls import reverse

from apps.common.templatetags.formats import moment
from apps.desk import roles
from apps.desk.admin import EditAdmin
from apps.desk.pages import DeskAdmin
from apps.people.models import Holder, User
from apps.phrasebook.models import Phrase
from tests.book import desk_events
from tests.factories.people import make_colleague, make_holder, make_user
from tests.shown import Window
from tests.whole_world import make_whole_world

pytestmark = pytest.mark.django_db


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def text(response):
    return response.content.decode()


@pytest.fixture
def editors():
    """Two browsers, of two supervisors."""
    return [signed_in(make_colleague(roles.SUPERVISOR)) for _ in range(2)]


def page_of(holder):
    return reverse("admin:people_holder_change", args=[holder.pk])


def test_whoever_changes_a_phrase_second_reads_who_was_first_and_when_and_all_three(editors):
    phrase = Phrase.objects.filter(topic="phone").first()
    url = reverse("admin:phrasebook_phrase_change", args=[phrase.reference])
    first, second = (Window(client, url) for client in editors)
    first.send("phrase", text="甲的一句")
    answer = text(second.send("phrase", text="乙的一句"))
    event = desk_events().last()
    for words in (event.by.employee_number, moment(event.at), phrase.text, "甲的一句"):
        assert words in answer
    assert 'value="乙的一句"' in answer, "what was typed stays"
    assert Phrase.objects.get(pk=phrase.pk).text == "甲的一句"
    assert Window(editors[1], url).send("phrase", text="乙的一句").status_code == 302
    assert Phrase.objects.get(pk=phrase.pk).text == "乙的一句"


def test_what_the_second_did_not_touch_takes_the_newer_value(editors):
    holder = make_holder(department="档案馆")
    first, second = (Window(client, page_of(holder)) for client in editors)
    first.send("holder_form", department="图书馆")
    assert second.send("holder_form", has_card_elsewhere=True).status_code == 302
    stored = Holder.objects.get(pk=holder.pk)
    assert (stored.department, stored.has_card_elsewhere) == ("图书馆", True)


def test_what_both_touched_is_asked_about_and_saved_with_the_second_answer(editors):
    holder = make_holder(department="档案馆")
    first, second = (Window(client, page_of(holder)) for client in editors)
    first.send("holder_form", department="图书馆", has_card_elsewhere=True)
    response = second.send("holder_form", department="校医院")
    assert "从「档案馆」改成了「图书馆」" in text(response)
    assert 'value="校医院"' in text(response)
    assert Holder.objects.get(pk=holder.pk).department == "图书馆"
    second.page = Window(editors[1], page_of(holder)).page
    second.send("holder_form", department="校医院")
    stored = Holder.objects.get(pk=holder.pk)
    assert (stored.department, stored.has_card_elsewhere) == ("校医院", True)


def test_the_same_answer_of_both_is_no_question(editors):
    holder = make_holder()
    windows = [Window(client, page_of(holder)) for client in editors]
    for window in windows:
        assert window.send("holder_form", department="图书馆").status_code == 302


def test_a_form_that_says_nothing_of_what_it_showed_saves_nothing(editors):
    holder = make_holder(department="档案馆")
    answer = text(editors[0].post(page_of(holder), {"department": "图书馆"}))
    assert "请先核对这一页的内容" in answer
    assert Holder.objects.get(pk=holder.pk).department == "档案馆"


def test_rights_that_one_gave_are_not_taken_away_by_the_stale_page_of_another():
    administrators = [signed_in(make_colleague(roles.ADMINISTRATOR)) for _ in range(2)]
    account = make_user(is_staff=True)
    group = Group.objects.get(name=roles.REVIEWER)
    url = reverse("admin:people_user_change", args=[account.pk])
    first, second = (Window(client, url) for client in administrators)
    first.send("user_form", groups=[group.name])
    assert second.send("user_form", is_active=False).status_code == 302
    stored = User.objects.get(pk=account.pk)
    assert (stored.is_active, [*stored.groups.all()]) == (False, [group])


@pytest.mark.slow
def test_every_edit_page_of_the_admin_is_one_of_these():
    """But those of the desks, which have no stock edit page; each says so or carries the field."""
    make_whole_world()
    root = make_user(is_staff=True, is_superuser=True)
    client = signed_in(root)
    request = RequestFactory().get("/")
    request.user = root
    seen = set()
    for model, page in admin.site._registry.items():
        row = model._default_manager.first()
        if isinstance(page, DeskAdmin) or not page.has_change_permission(request, row):
            continue
        assert isinstance(page, EditAdmin), page
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        html = text(client.get(reverse(name, args=[row.pk])))
        assert 'name="shown" value="' in html, name
        seen.add(model._meta.model_name)
    assert {"holder", "user"} <= seen
