"""The session ends while a form is open: its writer signs in again and finds what was typed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import MULTIPART_CONTENT, FakePayload
from django.urls import reverse
from django.utils import timezone

from apps.desk import roles
from apps.people import unsent_forms
from apps.people.models import Guardianship, UnsentForm
from apps.verification import services as verification
from apps.verification.enums import Purpose
from tests.application.pictures import upload
from tests.ended_sessions import (
    Person,
    application_form,
    held_by,
    page_after,
    to_fill_in,
)
from tests.factories.cards import make_draft
from tests.factories.people import make_colleague, make_holder
from tests.factories.storage import held
from tests.journeys import forms

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
CHILD = reverse("children:register")


def now():
    return timezone.now()


@pytest.fixture
def person(db):
    return Person(make_holder().user)


def child(person, **typed):
    """What is sent from the page 登记子女, opened by `person`."""
    data = forms.sent_by(to_fill_in(person.open(CHILD), CHILD)[CHILD])
    return data | {"name": "王小乐", "consent": "on"} | typed


def test_the_sign_in_page_says_why_and_the_form_says_that_nothing_was_sent(person):
    sign_in = person.send_too_late(CHILD, child(person, pictures=upload()), at=CHILD)
    assert "登录已过期" in person.open(sign_in).text
    page = person.sign_in(sign_in)
    assert "刚才填的内容都在，还没有提交" in page.text
    assert held_by(to_fill_in(page, CHILD)[CHILD])["name"] == "王小乐"
    assert not Guardianship.objects.exists()


def test_a_chosen_picture_is_still_chosen(person):
    sign_in = person.send_too_late(CHILD, child(person, pictures=upload()), at=CHILD)
    person.client.force_login(person.user)
    html = person.client.get(page_after(sign_in)).content.decode()
    assert len(held(html, "pictures")) == 1


def test_somebody_else_who_signs_in_does_not_see_it_and_the_writer_still_does(person):
    other = make_holder()
    sign_in = person.send_too_late(CHILD, child(person), at=CHILD)
    assert held_by(to_fill_in(person.come_back(sign_in, other.user), CHILD)[CHILD])["name"] == ""
    assert held_by(to_fill_in(person.come_back(sign_in), CHILD)[CHILD])["name"] == "王小乐"


def test_what_was_sent_in_the_end_does_not_come_back(person):
    sign_in = person.send_too_late(CHILD, child(person), at=CHILD)
    again = forms.sent_by(to_fill_in(person.come_back(sign_in), CHILD)[CHILD])
    person.send(CHILD, again, at=CHILD)
    assert not UnsentForm.objects.exists()


def test_what_was_saved_in_the_end_does_not_come_back_either():
    user, page = application_form()
    person = Person(user)
    typed = forms.sent_by(to_fill_in(person.open(page), page)[page]) | {"phone": "1390"}
    sign_in = person.send_too_late(page, typed, at=page)
    again = forms.sent_by(to_fill_in(person.come_back(sign_in), page)[page]) | {"phone": "1391"}
    autosave = page.replace("/form/", "/autosave/")
    headers = HTMX | {"HX-Current-URL": f"http://testserver{page}"}
    assert person.send(autosave, again, at=page, **headers).status_code == 200
    assert held_by(to_fill_in(person.open(page), page)[page])["phone"] == "1391"


def test_it_is_forgotten_in_time(person, settings):
    person.send_too_late(CHILD, child(person), at=CHILD)
    soon, late = (now() + settings.UNSENT_FORM_LIFETIME * share for share in (0.9, 1.1))
    unsent_forms.forget(at=soon)
    assert UnsentForm.objects.count() == 1
    unsent_forms.forget(at=late)
    assert not UnsentForm.objects.exists()


@pytest.mark.parametrize("after", [0, 1.1])
def test_the_sign_in_page_says_that_something_is_kept_as_long_as_it_is(person, settings, after):
    """A browser that is opened again in the evening loads the same address."""
    sign_in = person.send_too_late(CHILD, child(person), at=CHILD)
    UnsentForm.objects.update(kept_at=now() - settings.UNSENT_FORM_LIFETIME * after)
    said = page_of(person.client.get(sign_in))
    assert ("填的内容替您留着" in said) == (after == 0)
    assert "登录后回到刚才的页面" in said or after == 0


@pytest.mark.parametrize("page", ["//[", "/\x00", "x", "", "https://evil.example/"])
def test_a_forged_address_of_the_sign_in_page_keeps_nothing(client, page):
    client.cookies["unsent"] = "A" * 32
    said = page_of(client.get(reverse("account_login"), {"why": "kept", "next": page}))
    assert "填的内容替您留着" not in said


def page_of(response):
    return response.content.decode()


def test_the_picture_of_a_face_a_code_and_a_password_are_not_kept(person):
    check = verification.begin(
        holder=person.user.holder,
        by=person.user,
        purpose=Purpose.APPLY,
        card_request=make_draft(holder=person.user.holder),
        next_url="/",
        at=now(),
    )
    page = reverse("verification:start", args=[check.reference])
    token = child(person)["csrfmiddlewaretoken"]
    typed = {"csrfmiddlewaretoken": token, "consent": "on", "picture": upload()}
    secret = {"code": "123456", "password": "secret"}
    person.send_too_late(page, typed | secret, at=page)
    [kept] = UnsentForm.objects.all()
    found = unsent_forms.find(browser=kept.browser, path=page, by=person.user, at=now())
    assert (found.data.dict(), [*found.files], found.has_lost_files) == (
        {"consent": "on"},
        [],
        True,
    )


@pytest.mark.parametrize("name", ["form", "autosave"])
def test_a_request_of_the_page_is_told_and_the_page_stays(name):
    user, page = application_form()
    person = Person(user)
    typed = forms.sent_by(to_fill_in(person.open(page), page)[page]) | {"phone": "1390"}
    person.client.cookies.pop("sessionid")
    headers = HTMX | {"HX-Current-URL": f"http://testserver{page}"}
    action = page.replace("/form/", f"/{name}/")
    answer = person.send(action, typed, at=page, **headers)
    assert (answer.status_code, answer.content) == (401, b"")
    assert "why=kept" in answer["X-Sign-In"]
    assert "why=kept" in person.client.get(page)["Location"]  # whoever loads the page again
    back = to_fill_in(person.come_back(answer["X-Sign-In"]), page)[page]
    assert held_by(back)["phone"] == "1390"


def test_a_page_older_than_the_last_sign_in_leads_back_to_the_form_with_what_was_typed(person):
    typed = child(person)
    del person.client.cookies["sessionid"]
    person.sign_in(reverse("account_login") + "?next=/")  # in another window
    answer = person.send(CHILD, typed, at=CHILD)
    html = answer.content.decode()
    assert (answer.status_code, f'<a class="btn" href="{CHILD}">' in html) == (403, True)
    assert "填写的内容还在" in html
    assert held_by(to_fill_in(person.open(CHILD), CHILD)[CHILD])["name"] == "王小乐"


def test_a_page_of_somebody_who_has_signed_out_shows_nothing_to_the_next_account(person):
    typed = child(person)
    other = make_holder()
    person.user = other.user
    del person.client.cookies["sessionid"]
    person.sign_in(reverse("account_login") + "?next=/")
    answer = person.send(CHILD, typed, at=CHILD)
    assert "另一个账户" in answer.content.decode()
    assert held_by(to_fill_in(person.open(CHILD), CHILD)[CHILD])["name"] == ""


def test_another_site_plants_nothing(person):
    person.open(CHILD)
    typed = {"name": "别人写的", "csrfmiddlewaretoken": "a" * 64}
    for ends in (False, True):
        if ends:
            del person.client.cookies["sessionid"]
        assert person.client.post(CHILD, typed).status_code == 403
    assert not UnsentForm.objects.exists()


def test_nobody_can_fill_the_database(monkeypatch):
    """Without a page of an account little is kept, and of an account the newest only."""
    monkeypatch.setattr(unsent_forms, "MOST_OF_NOBODY", 2)
    for _ in range(3):
        Client().post(CHILD, {"name": "王小乐"})
    Client().post(CHILD, {"name": "王" * unsent_forms.MOST_BYTES_OF_NOBODY})
    assert UnsentForm.objects.count() == 2
    person = Person(make_holder().user)
    typed = child(person)
    for number in range(unsent_forms.MOST_OF_ACCOUNT + 2):
        person.send_too_late(CHILD, typed, at=f"/{number}/")
    own = UnsentForm.objects.filter(account=person.user)
    assert own.count() == unsent_forms.MOST_OF_ACCOUNT


def test_a_button_leads_back_to_its_page_even_if_the_browser_does_not_say_which(client):
    holder = make_holder()
    client.force_login(holder.user)
    client.cookies.pop("sessionid")
    page = page_after(client.post(reverse("account:withdraw"), {"consent": "1"})["Location"])
    assert page == reverse("account:agreements")


@pytest.mark.parametrize("is_cut", [True, False], ids=["cut", "no boundary"])
@pytest.mark.parametrize("checks", [True, False])
def test_what_did_not_arrive_whole_leads_back_to_the_form(monkeypatch, is_cut, checks):
    def fail(*args):
        raise OSError("the line was cut")

    person = Person(make_holder().user)
    person.open(CHILD)
    person.client.handler.enforce_csrf_checks = checks
    if is_cut:
        monkeypatch.setattr(FakePayload, "read", fail)
    kind = MULTIPART_CONTENT if is_cut else "multipart/form-data"
    headers = {"Referer": f"http://testserver{CHILD}"}
    answer = person.client.generic("POST", CHILD, b"half of it", kind, headers=headers)
    assert answer.status_code == 400
    assert f'<a class="btn" href="{CHILD}">回到刚才的页面</a>' in answer.content.decode()


@pytest.mark.parametrize(
    ("page", "role", "beside"),
    [
        ("admin:roster_rosterupload_upload", roles.SUPERVISOR, {"is_complete": "on"}),
        ("admin:bureau_bureaufile_upload", roles.SUPERVISOR, {}),
        ("admin:bills_dailybill_import", roles.FINANCE, {}),
        ("admin:regions_arrangedday_upload", roles.SUPERVISOR, {"note": "国办发明电"}),
    ],
)
def test_a_table_that_was_chosen_at_the_desk_is_still_chosen(page, role, beside):
    person, address = Person(make_colleague(role)), reverse(page)
    token = forms.sent_by(to_fill_in(person.open(address), address)[address])
    chosen = SimpleUploadedFile("名册.csv", "工号,姓名\nD1,张超\n".encode())
    sign_in = person.send_too_late(address, token | beside | {"file": chosen}, at=address)
    person.client.force_login(person.user)
    html = person.client.get(page_after(sign_in)).content.decode()
    assert len(held(html, "file")) == 1
    assert "已选的 名册.csv 还在，不用重选" in html
