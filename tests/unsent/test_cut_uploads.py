"""A file that did not arrive whole, in every form that takes one: what happened, and what to do."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from apps.desk import roles
from apps.people.models import Guardianship
from apps.unsent.uploads import UploadField
from tests.application.pictures import upload
from tests.factories.cards import make_draft
from tests.factories.people import make_colleague, make_holder
from tests.test_form_sentences import all_forms

pytestmark = pytest.mark.django_db

CUT = "文件没有传完整，可能是网络中途断了"


def table():
    return SimpleUploadedFile("a.csv", "工号,姓名\n".encode() * 200)


def portrait():
    draft = make_draft()
    return draft.applicant, reverse("application:portrait", args=[draft.reference]), {}, "picture"


def child():
    typed = {"name": "王小乐", "consent": "on"}
    return make_holder().user, reverse("children:register"), typed, "pictures"


def roster():
    url = reverse("admin:roster_rosterupload_upload")
    return make_colleague(roles.SUPERVISOR), url, {"is_complete": "on"}, "file"


def bureau():
    return make_colleague(roles.SUPERVISOR), reverse("admin:bureau_bureaufile_upload"), {}, "file"


def holidays():
    url = reverse("admin:regions_arrangedday_upload")
    return make_colleague(roles.SUPERVISOR), url, {"note": "国办发明电〔2026〕7号"}, "file"


def bill():
    return make_colleague(roles.FINANCE), reverse("admin:bills_dailybill_import"), {}, "file"


def photos():
    url = reverse("admin:roster_rosterupload_photos")
    return make_colleague(roles.SUPERVISOR), url, {"purpose": "REFERENCE"}, "file"


# The picture of a face: tests/verification/test_views.py.
EVERY = [portrait, child, roster, bureau, holidays, bill, photos]


def send(client, url, typed, name, *, keeps):
    """Post `typed` and a file, of which only what `keeps` leaves of the body arrives."""
    file = upload() if name.startswith("picture") else table()
    body = keeps(encode_multipart(BOUNDARY, typed | {name: file}), name)
    return client.generic("POST", url, body, MULTIPART_CONTENT)


def until_the_file(body, name):
    return body[: body.index(b"filename=") - 40]


def in_the_head_of_the_file(body, name):
    return body[: body.index(b"Content-Type")]


def in_the_file(body, name):
    return body[: body.index(b"filename=") + 600]


def without_the_last_boundary(body, name):
    return body[: body.rindex(b"--" + BOUNDARY.encode())]


@pytest.mark.sampled
@pytest.mark.parametrize("prepare", EVERY)
@pytest.mark.parametrize(
    "keeps", [until_the_file, in_the_head_of_the_file, in_the_file, without_the_last_boundary]
)
def test_a_cut_line_is_said_beside_the_field_and_what_was_typed_is_kept(client, prepare, keeps):
    user, url, typed, name = prepare()
    client.force_login(user)
    page = send(client, url, typed, name, keeps=keeps).content.decode()
    assert CUT in page
    assert "请选择" not in page.partition(CUT)[2][:200]
    for value in typed.values():
        assert "checked" in page if value == "on" else value in page
    assert not Guardianship.objects.exists()


@pytest.mark.parametrize("prepare", EVERY)
def test_a_file_for_which_there_is_no_room_is_said_too(client, prepare, settings, tmp_path):
    settings.FILE_UPLOAD_HANDLERS = ["apps.unsent.upload_handlers.PatientUploadHandler"]
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "not there"
    user, url, typed, name = prepare()
    client.force_login(user)
    page = send(client, url, typed, name, keeps=lambda body, _: body).content.decode()
    assert "没有传完整，请再选一次。" in page
    for value in typed.values():
        assert "checked" in page if value == "on" else value in page


@pytest.mark.sampled
@pytest.mark.parametrize("prepare", EVERY)
def test_an_empty_file_is_called_empty(client, prepare):
    user, url, typed, name = prepare()
    client.force_login(user)
    page = client.post(url, typed | {name: SimpleUploadedFile("a.csv", b"")}).content.decode()
    assert "这个文件是空的（0 字节），可能没有保存好。请打开看看" in page


@pytest.mark.sampled
@pytest.mark.parametrize("prepare", EVERY)
def test_a_whole_request_without_a_file_asks_for_one(client, prepare):
    user, url, typed, name = prepare()
    client.force_login(user)
    page = send(client, url, typed, name, keeps=lambda body, _: body).content.decode()
    assert CUT not in page
    assert CUT not in client.post(url, typed).content.decode()


def test_every_field_for_a_file_knows_of_a_cut_line():
    fields = {
        (form, name): field
        for form in all_forms()
        if form.__module__.startswith("apps.")
        for name, field in form.base_fields.items()
        if isinstance(field, forms.FileField)
    }
    assert len(fields) > len(EVERY)
    assert [key for key, field in fields.items() if not isinstance(field, UploadField)] == []
