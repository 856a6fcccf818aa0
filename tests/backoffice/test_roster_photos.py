"""The page on which photos for many people are taken from an archive."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from apps.desk import roles
from apps.people.models import Holder
from apps.photo_import import working
from apps.staff_photos.models import OfferedPortrait
from tests.application.pictures import portrait_picture
from tests.factories.people import make_colleague, make_holder
from tests.photo_import.archives import picture, zipped
from tests.verification.samples import PERSON, encoded
from tests.verification.samples import person as face_of

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:roster_rosterupload_photos")


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def uploaded(client, files, *, purpose="REFERENCE"):
    sent = {"file": SimpleUploadedFile("photos.zip", zipped(files)), "purpose": purpose}
    return client.post(PAGE, sent, follow=True)


def press(client, page, words):
    """Press the button with the `words` on the page of an archive."""
    for offer in page.context["offers"].open:
        if words in offer.words:
            return client.post(offer.url, follow=True)
    raise AssertionError(page.content.decode())


def test_the_page_shows_before_it_stores(client):
    person = make_holder(name="张超")
    client.force_login(make_colleague(roles.SUPERVISOR))
    files = {f"{person.id_number}.jpg": picture(), "other.jpg": picture()}
    shown = uploaded(client, files)
    html = shown.content.decode()
    assert "对上了人 1" in html
    assert "没有对上人 1" in html
    assert person.id_number not in html
    assert not Holder.objects.get(pk=person.pk).reference_photo
    done = press(client, shown, "存入对上的 1 张").content.decode()
    assert "已存入 1" in done
    assert Holder.objects.get(pk=person.pk).reference_photo
    again = press(client, uploaded(client, files), "存入").content.decode()
    assert "已存入 0" in again
    assert "和原来的一样 1" in again


def test_what_is_discarded_is_said_and_shown_no_more(client):
    client.force_login(make_colleague(roles.SUPERVISOR))
    shown = uploaded(client, {f"{make_holder().id_number}.jpg": picture()})
    assert "没有改动任何人" in press(client, shown, "放弃").content.decode()
    page = client.get(shown.request["PATH_INFO"])
    assert "这些照片没有存入" in page.content.decode()
    assert not page.context["offers"].open


def test_a_large_archive_is_looked_at_by_the_worker_while_the_page_counts(client):
    client.force_login(make_colleague(roles.SUPERVISOR))
    shown = uploaded(client, {f"{make_holder().id_number}.jpg": picture() for _ in range(6)})
    assert "正在看照片：0 / 6 张" in shown.content.decode()
    here = shown.request["PATH_INFO"]
    working.work_due(clock=timezone.now, limit=2)
    counted = client.get(here, headers={"HX-Request": "true"})
    assert "2 / 6 张" in counted.content.decode()
    working.work_due(clock=timezone.now, limit=10)
    assert client.get(here, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "存入对上的 6 张" in client.get(here).content.decode()
    assert here in client.get(PAGE).content.decode()


def test_what_is_wrong_with_the_archive_stands_beside_the_field(client, settings):
    client.force_login(make_colleague(roles.SUPERVISOR))
    settings.PHOTO_ARCHIVE_MAX_BYTES = 100
    large = uploaded(client, {f"{make_holder().id_number}.jpg": picture()})
    assert "请分成几个" in large.content.decode()
    settings.PHOTO_ARCHIVE_MAX_BYTES = 1000
    renamed = SimpleUploadedFile("photos.zip", b"Rar!\x1a\x07\x01\x00" + bytes(600))
    answer = client.post(PAGE, {"file": renamed, "purpose": "REFERENCE"})
    assert "这是RAR 压缩包，不是 zip 压缩包" in answer.content.decode()


@pytest.mark.slow
@pytest.mark.faces
def test_portraits_are_measured_offered_and_are_not_what_faces_are_compared_with(client):
    person, spoiled = make_holder(name="张超"), make_holder()
    desk = make_colleague(roles.SUPERVISOR)
    client.force_login(desk)
    files = {
        f"{person.id_number}.jpg": encoded(face_of(PERSON), quality=92),
        f"{spoiled.id_number}.jpg": encoded(portrait_picture()),
    }
    shown = uploaded(client, files, purpose="PORTRAIT")
    html = shown.content.decode()
    assert "对上了人 1" in html
    assert "照片不能用 1" in html
    assert "没有找到正面人脸" in html
    assert "已存入 1" in press(client, shown, "存入").content.decode()
    offer = OfferedPortrait.objects.get()
    assert (offer.holder, offer.offered_by) == (person, desk)
    assert not Holder.objects.get(pk=person.pk).reference_photo


def test_it_is_said_what_the_pictures_are_for_before_anything_is_read(client):
    client.force_login(make_colleague(roles.SUPERVISOR))
    answer = client.post(PAGE, {"file": SimpleUploadedFile("photos.zip", zipped({"1.jpg": b""}))})
    assert "请选择这些照片用来做什么。" in answer.content.decode()
