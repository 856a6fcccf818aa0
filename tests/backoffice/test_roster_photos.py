"""The page on which photos for many people are taken from an archive."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.desk import roles
from apps.people.models import Holder
from apps.staff_photos.models import OfferedPortrait
from tests.application.pictures import portrait_picture
from tests.factories.people import make_colleague, make_holder
from tests.journeys.steps import photo
from tests.staff_photos.archives import zipped
from tests.verification.samples import PERSON, encoded
from tests.verification.samples import person as face_of

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:roster_rosterupload_photos")


def confirmed(html, purpose):
    """What the page of the preview sends, without the field `seen`."""
    held = html.split('name="file-held" value="')[1].split('"')[0]
    return {"file-held": held, "purpose": purpose, "confirm": "1"}


def test_the_page_shows_before_it_stores_and_carries_the_archive(client):
    person = make_holder(name="张超")
    client.force_login(make_colleague(roles.SUPERVISOR))
    content = zipped({f"{person.id_number}.jpg": photo(), "other.jpg": photo()})
    first = client.post(
        PAGE, {"file": SimpleUploadedFile("photos.zip", content), "purpose": "REFERENCE"}
    )
    html = first.content.decode()
    assert "对上了人 1" in html
    assert "没有对上人 1" in html
    assert person.id_number not in html
    assert not Holder.objects.get(pk=person.pk).reference_photo
    seen = first.context["preview"]["seen"]
    held = confirmed(html, "REFERENCE")
    wrong = client.post(PAGE, held | {"seen": "x"})
    assert "请再核对一遍" in wrong.content.decode()
    done = client.post(PAGE, held | {"seen": seen}, follow=True)
    assert "已存入 1 张照片。" in done.content.decode()
    assert Holder.objects.get(pk=person.pk).reference_photo
    again = client.post(PAGE, held | {"seen": seen}, follow=True)
    assert "已存入 0 张照片，1 张和原来的一样" in again.content.decode()


def test_portraits_are_measured_offered_and_are_not_what_faces_are_compared_with(client):
    person, spoiled = make_holder(name="张超"), make_holder()
    desk = make_colleague(roles.SUPERVISOR)
    client.force_login(desk)
    picture = encoded(face_of(PERSON), quality=92)
    content = zipped(
        {
            f"{person.id_number}.jpg": picture,
            f"{spoiled.id_number}.jpg": encoded(portrait_picture()),
        }
    )
    sent = {"file": SimpleUploadedFile("photos.zip", content), "purpose": "PORTRAIT"}
    first = client.post(PAGE, sent)
    html = first.content.decode()
    assert "对上了人 1" in html
    assert "照片不能用 1" in html
    assert "没有找到正面人脸" in html
    held = confirmed(html, "PORTRAIT") | {"seen": first.context["preview"]["seen"]}
    other_purpose = client.post(PAGE, held | {"purpose": "REFERENCE"})
    assert "请再核对一遍" in other_purpose.content.decode()
    done = client.post(PAGE, held, follow=True)
    assert "已存入 1 张照片。" in done.content.decode()
    offer = OfferedPortrait.objects.get()
    assert (offer.holder, offer.offered_by) == (person, desk)
    assert not Holder.objects.get(pk=person.pk).reference_photo


def test_it_is_said_what_the_pictures_are_for_before_anything_is_read(client):
    client.force_login(make_colleague(roles.SUPERVISOR))
    answer = client.post(PAGE, {"file": SimpleUploadedFile("photos.zip", zipped({"1.jpg": b""}))})
    assert "请选择这些照片用来做什么。" in answer.content.decode()
