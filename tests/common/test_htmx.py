import pytest
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.views.decorators.cache import cache_control

from apps.common.pages import page_or_fragment, whole
from tests.factories.people import make_holder

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@login_required
def fragment(request):
    return HttpResponse("<p>private</p>")


def timeline(request):
    return page_or_fragment(
        request,
        page="regions/areas.html",
        fragment="regions/_areas.html",
        context={"seen_by": str(request.user)},
    )


def refused(request):
    return whole(request, HttpResponse("<!doctype html>no"))


urlpatterns = [
    path("timeline/", timeline),
    path("refused/", refused),
    path("picture/", cache_control(private=True, max_age=60)(timeline)),
    path("fragment/", fragment),
    path("moved/", lambda request: redirect("/fragment/")),
    path("", include("sbk_portal.urls")),
]

HTMX = {"HX-Request": "true"}
BACK = HTMX | {"HX-History-Restore-Request": "true"}


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_htmx_request_after_the_end_of_the_session_changes_nothing_in_the_page(client, method):
    page = "http://testserver/progress/ABC/?tab=1"
    response = getattr(client, method)("/fragment/", headers=HTMX | {"HX-Current-URL": page})
    assert (response.status_code, response.content) == (401, b"")
    sign_in = f"{reverse('account_login')}?next=/progress/ABC/%3Ftab%3D1"
    assert response["X-Sign-In"].startswith(sign_in)


@pytest.mark.parametrize(
    "page",
    ["https://evil.example/progress/", "//evil.example/", "javascript:alert(1)", "http://[::1", ""],
)
def test_another_origin_is_never_where_one_comes_back_to(client, page):
    response = client.get("/fragment/", headers=HTMX | {"HX-Current-URL": page})
    assert response["X-Sign-In"] == f"{reverse('account_login')}?next=/"
    encoded = {"HX-Current-URL": "http://testserver/a%00", "HX-Current-URL-URI-AutoEncoded": "true"}
    assert client.get("/fragment/", headers=HTMX | encoded)["X-Sign-In"].endswith("?next=/")
    response = client.post("/fragment/", headers={"Referer": page})
    assert "next=/fragment/" in response["Location"]


def test_an_ordinary_request_is_redirected_as_usual(client):
    response = client.get("/fragment/")
    assert response.status_code == 302
    assert "X-Sign-In" not in response


def test_a_redirect_to_another_page_is_left_alone(client):
    response = client.get("/moved/", headers=HTMX)
    assert (response.status_code, response["Location"]) == (302, "/fragment/")


def test_going_back_after_the_end_of_the_session_is_redirected_as_usual(client):
    response = client.get("/fragment/", headers=BACK)
    assert response.status_code == 302
    assert "X-Sign-In" not in response


@pytest.mark.parametrize(
    ("headers", "is_page"), [({}, True), (HTMX, False), (BACK, True)], ids=["plain", "htmx", "back"]
)
def test_htmx_gets_the_fragment_and_going_back_gets_the_page(client, headers, is_page):
    html = client.get("/timeline/", headers=headers).content.decode()
    assert ("<html" in html, "<main" in html) == (is_page, is_page)


def test_no_cache_takes_a_fragment_for_its_page(client):
    vary = client.get("/timeline/")["Vary"]
    assert "HX-Request" in vary
    assert "HX-History-Restore-Request" in vary


def test_what_somebody_signed_in_sees_is_stored_nowhere(client):
    assert "Cache-Control" not in client.get("/timeline/")
    client.force_login(make_holder().user)
    for headers in ({}, HTMX, BACK):
        assert "no-store" in client.get("/timeline/", headers=headers)["Cache-Control"]


def test_a_view_that_says_itself_how_long_to_keep_its_answer_is_left_alone(client):
    client.force_login(make_holder().user)
    assert "no-store" not in client.get("/picture/")["Cache-Control"]


def test_a_whole_page_where_a_fragment_was_asked_for_loads_the_page_again(client):
    response = client.get("/refused/", headers=HTMX)
    assert response["HX-Refresh"] == "true"
    assert response.content == b""
    assert "HX-Refresh" not in client.get("/refused/")
    assert "HX-Refresh" not in client.get("/refused/", headers=BACK)
