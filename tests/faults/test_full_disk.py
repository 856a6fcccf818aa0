"""A disk that is really full: people read a sentence, keep what they typed, and go on later."""

import http.cookiejar
import re
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.bureau import production
from apps.bureau.models import ProductionBatch
from apps.exports import tasks
from apps.exports.models import Export
from apps.operations import checks
from apps.operations.enums import State
from apps.people.models import Guardianship
from tests.application.pictures import upload
from tests.children.test_pages import REGISTER, typed
from tests.factories.cards import make_draft, make_request
from tests.factories.people import make_holder, make_reviewer
from tests.factories.storage import held, stored
from tests.faults.small_disk import small_disk
from tests.faults.test_web_worker_killed import env, manage, portal  # noqa: F401 (fixtures)
from tests.soundness import assert_sound

pytestmark = pytest.mark.slow
ANSWERS_WITHIN = 3  # seconds


@pytest.fixture
def disk(tmp_path, settings, monkeypatch):
    """Uploads, exports and temporary files are on it."""
    with small_disk(tmp_path / "disk") as disk:
        for name in ("private", "tmp"):
            (disk.folder / name).mkdir()
        settings.MEDIA_ROOT = disk.folder / "private"
        settings.VAR_DIR = disk.folder
        monkeypatch.setattr(tempfile, "tempdir", str(disk.folder / "tmp"))
        yield disk


def answered(client, path, data):
    return client.post(path, data).content.decode()


@pytest.mark.django_db
def test_a_portrait_waits_in_its_page_until_there_is_room(client, disk):
    draft = make_draft(complete=False)
    client.force_login(draft.holder.user)
    address = reverse("application:portrait", args=[draft.reference])
    disk.fill()
    page = answered(client, address, {"picture": upload()})
    assert 'id="id_picture_error"' in page
    assert "请过几分钟再试" in page
    assert stored() == []
    disk.free()
    client.post(address, {"picture-held": held(page, "picture")})
    draft.particulars.refresh_from_db()
    assert draft.particulars.portrait_source
    assert_sound()


@pytest.mark.django_db
def test_proofs_of_a_child_are_taken_once_there_is_room(client, disk):
    client.force_login(make_holder().user)
    disk.fill()
    page = answered(client, REGISTER, typed())
    assert "请过几分钟再试" in page
    assert 'value="张乐"' in page
    assert not Guardianship.objects.exists()
    assert stored() == []
    disk.free()
    client.post(REGISTER, typed(pictures=None) | {"pictures-held": held(page, "pictures")})
    assert Guardianship.objects.get().proofs.count() == 2


@pytest.mark.django_db
def test_an_export_says_why_and_is_made_again(client, disk, monkeypatch):
    monkeypatch.setattr("apps.exports.views.files.nudge", lambda task: None)
    make_request("ACCEPTED")
    client.force_login(make_reviewer())
    new = reverse("admin:exports_export_new") + "?stage=all"
    disk.fill()
    answered(client, new, {"format": "XLSX", "content": "masked"})
    tasks.write_exports()
    export = Export.objects.get()
    assert "磁盘写不进去" in export.error
    assert checks.by_key("exports").find(timezone.now()).state == State.WARN
    disk.free()
    client.post(new, {"format": "XLSX", "content": "masked"})
    tasks.write_exports()
    assert Export.objects.latest("pk").file
    assert_sound()


@pytest.mark.django_db
def test_operators_read_that_it_is_full(disk):
    disk.fill()
    assert checks.by_key("disk").find(timezone.now()).state == State.BAD


@pytest.mark.django_db
def test_a_batch_waits_for_room_in_the_folder_of_the_bureau(disk, settings, filed_portrait):
    settings.CARD_BUREAU = "apps.bureau.adapters.files.FilesBureau"
    settings.BUREAU_OUT_DIR, settings.BUREAU_IN_DIR = disk.folder / "out", disk.folder / "in"
    make_request("APPROVED")
    at = timezone.now()
    disk.fill()
    production.make_batch(at=at, limit=10)
    production.submit_batches(at=at, limit=10)
    batch = ProductionBatch.objects.get()
    assert batch.submitted_at is None
    assert batch.last_error == "送制目录写不进去（磁盘满了）。"
    assert checks.by_key("bureau").find(at).state == State.BAD
    disk.free()
    production.submit_batches(at=at + production.RETRY_AFTER, limit=10)
    batch.refresh_from_db()
    assert batch.submitted_at
    assert_sound()


# --- The database itself is on it ---------------------------------------------------------------


@pytest.fixture
def var(tmp_path):
    with small_disk(tmp_path / "var") as disk:
        yield disk


class Browser:
    def __init__(self, port):
        self.address = f"http://127.0.0.1:{port}/accounts/login/"
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def open(self, data=None):
        """(status, page) of the sign-in page, or of its form with `data`."""
        try:
            with self.opener.open(self.address, data, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def send(self, **fields):
        """The same, in time."""
        began = time.monotonic()
        answer = self.open(urllib.parse.urlencode(fields).encode() if fields else None)
        assert time.monotonic() - began < ANSWERS_WITHIN
        return answer


def test_signing_in_is_a_sentence_while_the_database_cannot_grow(var, portal, env):  # noqa: F811
    browser = Browser(portal[0])
    page = browser.open()[1]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    fields = {"csrfmiddlewaretoken": token, "login": "T000001", "password": "of-nobody"}
    var.fill()
    assert browser.send()[0] == 200, "who only looks notices nothing"
    status, page = browser.send(**fields)
    assert status == 503
    assert "暂时连不上" in page
    var.free()
    status, page = browser.send(**fields)
    assert status == 200
    assert "密码不对" in page
    manage(env, "verify_integrity")
