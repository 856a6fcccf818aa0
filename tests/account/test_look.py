"""显示设置: colours and 长辈版, kept with the account, and in the browser of a visitor."""

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import get_resolver, reverse

from apps.people.context import Look
from apps.people.enums import Edition, Theme
from apps.people.models import User
from tests.factories.people import PASSWORD, make_holder, make_reviewer

pytestmark = pytest.mark.django_db
URL = "/account/look/"
DARK_FOR_ALL = 'css/dark.css" media="screen">'
DARK_WITH_THE_SYSTEM = 'css/dark.css" media="screen and (prefers-color-scheme: dark)">'


def page(client, path="/loss/"):
    return client.get(path).content.decode()


def signed_in(holder):
    client = Client()
    client.force_login(holder.user)
    return client


def test_the_larger_edition_stays_on_every_page(client):
    response = client.post(URL, {"edition": "elder", "next": "/loss/"})
    assert response["Location"] == "/loss/"
    for path in ("/loss/", "/", "/accounts/login/"):
        assert '<html lang="zh-CN" class="elder">' in page(client, path)
    client.post(URL, {"edition": "standard"})
    assert '<html lang="zh-CN">' in page(client)


@pytest.mark.parametrize(
    ("theme", "linked"),
    [("system", [DARK_WITH_THE_SYSTEM]), ("light", []), ("dark", [DARK_FOR_ALL])],
)
def test_the_colours_follow_the_choice(client, theme, linked):
    client.post(URL, {"theme": theme})
    html = page(client)
    assert [one for one in (DARK_FOR_ALL, DARK_WITH_THE_SYSTEM) if one in html] == linked


def test_without_a_choice_the_system_decides(client):
    assert DARK_WITH_THE_SYSTEM in page(client)


def test_a_choice_is_remembered_with_the_account():
    holder = make_holder()
    signed_in(holder).post(URL, {"theme": "dark", "edition": "elder"})
    holder.user.refresh_from_db()
    assert (holder.user.theme, holder.user.edition) == (Theme.DARK, Edition.ELDER)
    elsewhere = page(signed_in(holder))
    assert 'class="elder"' in elsewhere
    assert DARK_FOR_ALL in elsewhere


def test_one_choice_leaves_the_other_as_it_is():
    holder = make_holder()
    client = signed_in(holder)
    client.post(URL, {"theme": "dark"})
    client.post(URL, {"edition": "elder"})
    holder.user.refresh_from_db()
    assert (holder.user.theme, holder.user.edition) == (Theme.DARK, Edition.ELDER)


def test_what_a_visitor_chose_goes_on_after_signing_in(client):
    client.post(URL, {"edition": "elder"})
    client.force_login(make_holder().user)
    assert 'class="elder"' in page(client)


def sign_in(client, user):
    client.post(reverse("account_login"), {"login": user.employee_number, "password": PASSWORD})


def test_what_was_chosen_on_the_way_to_the_sign_in_is_remembered_with_the_account(client):
    user = make_holder().user
    User.objects.update(edition=Edition.STANDARD)
    client.post(URL, {"edition": "elder"})
    sign_in(client, user)
    user.refresh_from_db()
    assert (user.edition, user.theme) == (Edition.ELDER, "")
    assert 'class="elder"' in page(client)


def test_somebody_else_on_the_same_computer_keeps_their_own_choice(client):
    first, second = make_holder().user, make_holder().user
    client.post(URL, {"edition": "elder"})
    sign_in(client, first)
    client.post(reverse("account_logout"))
    sign_in(client, second)
    second.refresh_from_db()
    assert second.edition == ""


def test_it_never_leads_to_another_site(client):
    response = client.post(URL, {"edition": "elder", "next": "//example.org/"})
    assert response["Location"] == reverse("home:home")
    html = client.get(URL, {"next": "//example.org/"}).content.decode()
    assert 'href="//example.org' not in html
    assert 'name="next" value="/"' in html


@pytest.mark.parametrize("choice", [{"theme": "pink"}, {"edition": "x"}])
def test_an_unknown_choice_changes_nothing(client, choice):
    assert client.post(URL, choice).status_code == 200
    assert not {"theme", "edition"} & set(client.cookies)


def test_a_link_cannot_change_it(client):
    client.get(URL, {"edition": "elder"})
    assert '<html lang="zh-CN">' in page(client)


def test_an_error_page_looks_as_chosen(client):
    client.post(URL, {"theme": "dark", "edition": "elder"})
    html = page(client, "/nowhere/")
    assert 'class="elder"' in html
    assert DARK_FOR_ALL in html


def test_an_error_of_ours_looks_as_chosen_and_asks_no_database(rf, django_assert_num_queries):
    request = rf.get("/")
    request.COOKIES |= {"theme": "dark", "edition": "elder"}
    with django_assert_num_queries(0):
        response = get_resolver().resolve_error_handler(500)(request)
    assert response.status_code == 500
    html = response.content.decode()
    assert 'class="elder"' in html
    assert DARK_FOR_ALL in html


def test_the_desk_and_the_page_of_what_is_mine(client):
    client.post(URL, {"theme": "dark"})
    assert "您还没有登录" in page(client, reverse("account:mine"))
    holder = make_holder()
    client.force_login(holder.user)
    assert "退出登录" in page(client, reverse("account:mine"))
    client.force_login(make_reviewer())
    desk = page(client, reverse("admin:index"))
    assert DARK_FOR_ALL in desk
    assert '<button type="submit" name="theme" value="light">浅色</button>' in desk


def test_the_cashier_looks_as_chosen(client):
    client.post(URL, {"theme": "dark"})
    assert DARK_FOR_ALL in render_to_string(
        "cashier/refused.html", {"look": Look(client.get("/loss/").wsgi_request)}
    )


@pytest.mark.parametrize("target", ["1", "home:home", "x.y", "//evil.example/", "\\\\evil"])
def test_what_is_no_address_of_ours_leads_to_the_first_page(client, target):
    answer = client.post(URL, {"edition": "elder", "next": target})
    assert answer["Location"] == reverse("home:home")
    shown = client.get(URL, {"next": target}).content.decode()
    assert f'value="{reverse("home:home")}"' in shown
