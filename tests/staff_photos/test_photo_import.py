"""Photos for many people at once: which of them are matched, and why others are not."""

from datetime import date

import pytest

from apps.staff_photos import photo_import
from apps.staff_photos.photo_import import PhotoOutcome, UnreadableArchive
from tests.factories.people import make_holder
from tests.journeys.steps import photo
from tests.staff_photos.archives import zipped

pytestmark = pytest.mark.django_db


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
