import pytest
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, reverse

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@login_required
def fragment(request):
    return HttpResponse("<p>private</p>")


urlpatterns = [
    path("fragment/", fragment),
    path("moved/", lambda request: redirect("/fragment/")),
    path("", include("sbk_portal.urls")),
]

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_htmx_request_after_the_end_of_the_session_sends_the_whole_page_to_sign_in(
    client, method
):
    page = "http://testserver/progress/ABC/?tab=1"
    response = getattr(client, method)("/fragment/", headers=HTMX | {"HX-Current-URL": page})
    assert response.status_code == 200
    assert response["HX-Redirect"] == (
        reverse("account_login") + "?next=%2Fprogress%2FABC%2F%3Ftab%3D1"
    )
    assert response.content == b""


@pytest.mark.parametrize(
    "page", ["https://evil.example/progress/", "//evil.example/", "javascript:alert(1)", ""]
)
def test_another_origin_is_never_where_one_comes_back_to(client, page):
    response = client.get("/fragment/", headers=HTMX | {"HX-Current-URL": page})
    assert response["HX-Redirect"] == f"{reverse('account_login')}?next=%2F"


def test_an_ordinary_request_is_redirected_as_usual(client):
    response = client.get("/fragment/")
    assert response.status_code == 302
    assert "HX-Redirect" not in response


def test_a_redirect_to_another_page_is_left_alone(client):
    response = client.get("/moved/", headers=HTMX)
    assert (response.status_code, response["Location"]) == (302, "/fragment/")
