"""Photos for many people at once: which of them are matched, why others are not, and storing."""

import io
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.desk import roles
from apps.people.models import Holder
from apps.roster import photo_import
from apps.roster.photo_import import PhotoOutcome, UnreadableArchive
from tests.factories.people import make_colleague, make_holder
from tests.journeys.steps import photo

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:roster_rosterupload_photos")


def zipped(files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as found:
        for name, content in files.items():
            found.writestr(name, content)
    return target.getvalue()


def outcomes(files):
    return {row.number: (row.outcome, row.reason) for row in photo_import.plan(zipped(files))}


def test_pictures_are_matched_by_employee_number_and_by_id_number():
    one, two = make_holder(), make_holder()
    rows = photo_import.plan(
        zipped(
            {
                f"照片/{one.user.employee_number.lower()}.JPG": photo(),
                f"{two.id_number}.jpeg": photo(),
                "__MACOSX/._x.jpg": b"",
                "readme.txt": b"",
            }
        )
    )
    assert [row.holder for row in rows] == [one, two]
    assert {row.outcome for row in rows} == {PhotoOutcome.MATCHED}
    assert two.id_number not in rows[1].file


def test_what_is_not_stored_is_said_with_its_reason():
    person, gone = make_holder(), make_holder(left_date=date(2026, 11, 1))
    broken = make_holder()
    number = person.user.employee_number
    found = outcomes(
        {
            f"{number}.jpg": photo(),
            f"{person.id_number}.jpg": photo(),
            f"{gone.id_number}.jpg": photo(),
            f"{broken.id_number}.jpg": b"no picture",
            "张三.jpg": photo(),
        }
    )
    assert found[number] == (PhotoOutcome.DOUBLED, "请只留一张")
    assert found[person.id_number][0] == PhotoOutcome.DOUBLED
    assert found[gone.id_number] == (PhotoOutcome.UNMATCHED, "这个人已经离职")
    assert found[broken.id_number][0] == PhotoOutcome.REFUSED
    assert "应为完好的 JPEG 或 PNG" in found[broken.id_number][1]
    assert found["张三"][0] == PhotoOutcome.UNMATCHED


def test_what_says_to_be_small_and_is_not_is_refused(settings):
    settings.PICTURE_MAX_BYTES = 1000
    person = make_holder()
    [(outcome, reason)] = outcomes({f"{person.id_number}.jpg": photo()}).values()
    assert outcome == PhotoOutcome.REFUSED
    assert "照片文件超过" in reason


@pytest.mark.parametrize("content", [b"no archive", zipped({"a.txt": b""})])
def test_what_is_no_archive_of_pictures_is_said(content):
    with pytest.raises(UnreadableArchive):
        photo_import.plan(content)


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
