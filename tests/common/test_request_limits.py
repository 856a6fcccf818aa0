"""What no page takes is refused before it is read, in words of ours."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.desk import roles
from tests.factories.people import make_colleague, make_holder

LARGE = {"CONTENT_LENGTH": str(100 * 1024 * 1024)}


class Unread:
    """A body that must not be read."""

    def read(self, *size):
        raise AssertionError("the body was read")

    readline = read


@pytest.mark.parametrize("type_", ["multipart/form-data; boundary=x", "text/plain"])
@pytest.mark.django_db
def test_a_huge_body_is_refused_unread(client, type_):
    for user in (None, make_holder().user):
        if user:
            client.force_login(user)
        response = client.post(
            reverse("children:register"),
            content_type=type_,
            **LARGE,
            **{"wsgi.input": Unread()},
        )
        assert response.status_code == 413
        assert "没有收下，什么也没有改" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "megabytes"), [(roles.REVIEWER, 150), (roles.SUPERVISOR, 300), (None, 150)]
)
def test_one_page_takes_more_from_those_who_may_open_it(client, role, megabytes):
    client.force_login(make_colleague(role) if role else make_holder().user)
    response = client.post(
        reverse("admin:roster_rosterupload_photos"),
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(megabytes * 1024 * 1024),
        **{"wsgi.input": Unread()},
    )
    assert response.status_code == 413


@pytest.mark.django_db
def test_who_may_open_that_page_sends_more_than_any_other_page_takes(client, settings):
    client.force_login(make_colleague(roles.SUPERVISOR))
    settings.UPLOAD_MAX_BYTES = 1000
    for name, status in (("photos", 200), ("upload", 413)):
        url = reverse(f"admin:roster_rosterupload_{name}")
        sent = {"file": SimpleUploadedFile("x.zip", b"x" * 2000), "purpose": "REFERENCE"}
        assert client.post(url, sent).status_code == status


def test_visitors_and_machines_send_little(client):
    url = reverse("payments:notify", kwargs={"gateway": "sandbox"})
    data = "x" * (settings.VISITOR_MAX_BYTES + 1)
    assert client.post(url, data, content_type="text/plain").status_code == 413


def test_a_method_that_an_address_does_not_take_gets_a_page(client):
    for response in (client.get("/payments/notify/sandbox/"), client.post("/offline/")):
        assert response.status_code == 405
        assert response["Allow"]
        assert "不能直接打开" in response.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("host", ["evil.example", "testserver@evil", "testserver, evil", "["])
def test_a_request_to_another_host_gets_our_page_and_no_fault(client, method, host):
    there = {"Host": host, "Referer": f"http://{host}/progress/"}
    response = getattr(client, method)("/accounts/login/", headers=there)
    assert response.status_code == 400
    assert "内容没有收全" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/progress/%00/", "/proof/AAAA%00/", "/%00", "/admin/%00/"])
def test_nothing_is_looked_for_at_an_address_that_no_database_can_hold(client, path):
    client.force_login(make_holder().user)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    assert (response.status_code, len(queries)) == (404, 0)
    assert "没有找到这一页" in response.content.decode()


def parts(count, *, rest=""):
    """The body of a form in `count` parts, each with `rest` behind its name."""
    part = f'--x\r\nContent-Disposition: form-data; name="a"{rest}\r\n\r\na\r\n'
    return (part * count + "--x--\r\n").encode()


HEADERS = b"--x\r\n" + b"X: a\r\n" * 20_000 + b"\r\n"
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "type_"),
    [
        (parts(5000), "multipart/form-data; boundary=x"),
        (parts(5000, rest='; filename="a"'), "multipart/form-data; boundary=x"),
        (HEADERS, "multipart/form-data; boundary=x"),
        (b"no parts", "multipart/form-data"),
        (b"a=&" * 10_000, FORM),
    ],
)
@pytest.mark.django_db
def test_a_page_that_says_no_says_it_of_a_form_that_cannot_be_read_too(client, body, type_):
    client.raise_request_exception = False
    assert client.post("/nothing/", body, content_type=type_).status_code == 404
    client.force_login(make_colleague(roles.REVIEWER))
    for path, statuses in (
        ("/nothing/", {404}),
        (reverse("admin:roster_rosterupload_upload"), {400, 403}),
        (reverse("account:look"), {400}),
    ):
        assert client.post(path, body, content_type=type_).status_code in statuses
