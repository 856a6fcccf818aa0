"""The page on which photos for many people are taken from an archive."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.desk import roles
from apps.people.models import Holder
from tests.factories.people import make_colleague, make_holder
from tests.journeys.steps import photo
from tests.staff_photos.archives import zipped

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:roster_rosterupload_photos")


def test_the_page_shows_before_it_stores_and_carries_the_archive(client):
    person = make_holder(name="张超")
    client.force_login(make_colleague(roles.SUPERVISOR))
    content = zipped({f"{person.id_number}.jpg": photo(), "other.jpg": photo()})
    first = client.post(PAGE, {"file": SimpleUploadedFile("photos.zip", content)})
    html = first.content.decode()
    assert "对上了人 1" in html
    assert "没有对上人 1" in html
    assert person.id_number not in html
    assert not Holder.objects.get(pk=person.pk).reference_photo
    seen = first.context["preview"]["seen"]
    held = html.split('name="file-held" value="')[1].split('"')[0]
    wrong = client.post(PAGE, {"file-held": held, "seen": "x", "confirm": "1"})
    assert "请再核对一遍" in wrong.content.decode()
    done = client.post(PAGE, {"file-held": held, "seen": seen, "confirm": "1"}, follow=True)
    assert "已存入 1 张照片。" in done.content.decode()
    assert Holder.objects.get(pk=person.pk).reference_photo
    again = client.post(PAGE, {"file-held": held, "seen": seen, "confirm": "1"}, follow=True)
    assert "已存入 0 张照片，1 张和原来的一样" in again.content.decode()
