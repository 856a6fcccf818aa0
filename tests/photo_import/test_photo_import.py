"""Photos for many people at once: whose they are, what is kept in between, and what is stored."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage

from apps.common.moments import day_of
from apps.common.stored_files import NotStored
from apps.people.models import Holder
from apps.photo_import import archive_file, services, working
from apps.photo_import.enums import ArchiveStatus, PictureFinding, PictureOutcome
from apps.photo_import.models import ArchivedPicture, PhotoArchive
from apps.photo_import.refusals import ArchiveRefused
from apps.requests.retention import delete_discarded_files
from apps.staff_photos.enums import PhotoPurpose
from sbk_portal import rules
from tests.factories.cards import AT
from tests.factories.people import make_holder, make_reviewer, make_user
from tests.factories.storage import fill_the_disk, stored
from tests.photo_import.archives import picture, zipped

pytestmark = pytest.mark.django_db
OVER = AT + rules.PHOTO_ARCHIVE_RETENTION


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    """What is kept by one test alone."""
    settings.MEDIA_ROOT = tmp_path


def clock():
    return AT


def take_in(files, *, purpose=PhotoPurpose.REFERENCE, by=None):
    return services.take_in(
        file=io.BytesIO(zipped(files)), purpose=purpose, by=by or make_reviewer(), at=AT
    )


def worked_off(archive, *, limit=100):
    working.work_due(clock=clock, limit=limit)
    archive.refresh_from_db()
    return archive


def findings(archive):
    return [(row.finding, row.reason) for row in archive.pictures.order_by("place")]


def confirmed(files, **options):
    archive = worked_off(take_in(files, **options))
    services.confirm(archive=archive, by=archive.by, at=AT)
    return archive


def test_pictures_are_matched_by_employee_number_and_by_id_number():
    one, two = make_holder(), make_holder()
    dashed = make_holder(user=make_user(employee_number="A-01"))
    archive = worked_off(
        take_in(
            {
                f"照片/ {one.user.employee_number.lower()} .JPG": picture(),
                f"{two.id_number}.jpeg": picture(),
                "ａ-01.png": picture(),
            }
        )
    )
    rows = archive.pictures.order_by("place")
    assert [row.holder for row in rows] == [one, two, dashed]
    assert {row.finding for row in rows} == {PictureFinding.MATCHED}
    assert two.id_number not in rows[1].file
    assert archive.status == ArchiveStatus.READ
    assert archive.counts["matched"] == 3


def test_the_number_of_a_merged_record_is_not_that_of_somebody_who_left():
    ended = make_holder(left_date=date(2026, 11, 1), merged_into=make_holder())
    archive = worked_off(take_in({f"{ended.user.employee_number}.jpg": picture()}))
    ((finding, reason),) = findings(archive)
    assert finding == PictureFinding.UNMATCHED
    assert "已并入" in reason


def test_what_is_not_stored_is_said_with_its_reason():
    person, gone = make_holder(), make_holder(left_date=date(2026, 11, 1))
    broken, padded = make_holder(), make_holder(user=make_user(employee_number="00420"))
    number = person.user.employee_number
    archive = worked_off(
        take_in(
            {
                f"{number}.jpg": picture(),
                f"{person.id_number}.jpg": picture(),
                f"{gone.id_number}.jpg": picture(),
                f"{broken.id_number}.jpg": b"no picture",
                "张三.jpg": picture(),
                "420.jpg": picture(),
                f"{padded.id_number}.bmp": picture(),
            }
        )
    )
    found = findings(archive)
    assert [finding for finding, _ in found[:2]] == [PictureFinding.DOUBLED] * 2
    assert f"{number}.jpg。请只留一张。" in found[1][1]
    assert found[2] == (PictureFinding.UNMATCHED, "这个人已经离职。")
    assert found[3][0] == PictureFinding.REFUSED
    assert "请上传真正的 JPG 或 PNG 照片" in found[3][1]
    assert found[4][0] == PictureFinding.UNMATCHED
    assert "不要加别的字" in found[4][1]
    assert "工号是 00420，前面的 0 不能多也不能少" in found[5][1]
    assert found[6][0] == PictureFinding.REFUSED


def test_in_between_it_is_sealed_and_what_is_not_to_be_stored_is_deleted_once_it_is_read():
    person = make_holder()
    sent = {f"{person.id_number}.jpg": picture(), "other.jpg": picture(90)}
    archive = take_in(sent)
    assert len(stored()) == 1
    path = default_storage.path(archive.file.name)
    with open(path, "rb") as file:
        assert b"PK\x03\x04" not in file.read()
    worked_off(archive)
    delete_discarded_files(at=AT, limit=10)
    assert [*stored()] == [archive.pictures.get(holder=person).picture.name.split("/")[1]]


def test_a_worker_that_is_killed_leaves_nothing_half_done_and_nothing_is_measured_twice(
    monkeypatch,
):
    people = [make_holder() for _ in range(3)]
    archive = take_in({f"{each.id_number}.jpg": picture(100 + n) for n, each in enumerate(people)})
    opened, looked = [], working._jpeg

    def killed(content, name, of):
        opened.append(name)
        if len(opened) == 2:
            raise KeyboardInterrupt
        return looked(content, name, of)

    monkeypatch.setattr(working, "_jpeg", killed)
    with pytest.raises(KeyboardInterrupt):
        working.work_due(clock=clock, limit=100)
    later = AT + timedelta(minutes=5)
    assert archive.pictures.to_read().count() == 2
    working.work_due(clock=lambda: later, limit=1)
    working.work_due(clock=lambda: later, limit=100)
    archive.refresh_from_db()
    assert archive.is_ready
    assert len(opened) == 4  # the one in hand when it was killed, once more
    monkeypatch.setattr(working, "open_upload", None)
    services.confirm(archive=archive, by=archive.by, at=AT)
    assert worked_off(archive).status == ArchiveStatus.STORED
    assert all(Holder.objects.get(pk=each.pk).reference_photo for each in people)


def test_a_picture_that_kills_its_workers_is_given_up_and_the_others_go_on(monkeypatch):
    bad, good = make_holder(), make_holder()
    archive = take_in({f"{bad.id_number}.jpg": picture(), f"{good.id_number}.jpg": picture()})
    archive.pictures.filter(holder=bad).update(tries=3)
    worked_off(archive)
    assert findings(archive)[0] == (PictureFinding.REFUSED, "这一张几次都没有看完，请换一张。")
    assert findings(archive)[1][0] == PictureFinding.MATCHED


def test_each_person_is_judged_again_when_the_pictures_are_stored():
    stays, leaves = make_holder(), make_holder()
    archive = confirmed({f"{stays.id_number}.jpg": picture(), f"{leaves.id_number}.jpg": picture()})
    Holder.objects.filter(pk=leaves.pk).update(left_date=day_of(AT))
    worked_off(archive)
    assert Holder.objects.get(pk=stays.pk).reference_photo
    assert not Holder.objects.get(pk=leaves.pk).reference_photo
    outcomes = [row.outcome for row in archive.pictures.order_by("place")]
    assert outcomes == [PictureOutcome.STORED, PictureOutcome.NOT_STORED]
    assert (archive.counts["stored"], archive.counts["refused"]) == (1, 0)
    assert archive.counts["not_stored"] == 1
    again = worked_off(confirmed({f"{stays.id_number}.jpg": picture()}))
    assert again.pictures.get().outcome == PictureOutcome.SAME


def test_a_photo_on_file_that_is_spoilt_is_replaced():
    person = make_holder()
    worked_off(confirmed({f"{person.id_number}.jpg": picture()}))
    person.refresh_from_db()
    with open(person.reference_photo.path, "r+b") as file:
        file.seek(200)
        file.write(b"other bytes")
    archive = worked_off(confirmed({f"{person.id_number}.jpg": picture()}))
    assert archive.counts["stored"] == 1
    person.refresh_from_db()
    assert person.reference_photo.open("rb").read()


def test_a_preview_is_confirmed_once_and_only_while_it_is_kept():
    person = make_holder()
    archive = worked_off(take_in({f"{person.id_number}.jpg": picture()}))
    with pytest.raises(ArchiveRefused) as refusal:
        services.confirm(archive=archive, by=archive.by, at=OVER)
    assert refusal.value.code == "too_old"
    services.confirm(archive=archive, by=archive.by, at=AT)
    for verb in (services.confirm, services.discard):
        with pytest.raises(ArchiveRefused):
            verb(archive=archive, by=archive.by, at=AT)


def test_nothing_can_be_confirmed_where_nothing_matched():
    archive = worked_off(take_in({"other.jpg": picture()}))
    with pytest.raises(ArchiveRefused) as refusal:
        services.confirm(archive=archive, by=archive.by, at=AT)
    assert refusal.value.code == "none"


@pytest.mark.parametrize("is_read", [True, False])
def test_what_nobody_confirms_is_deleted_with_its_files_after_a_day(is_read):
    archive = take_in({f"{make_holder().id_number}.jpg": picture()})
    if is_read:
        worked_off(archive)
    assert services.forget(at=OVER - timedelta(minutes=1), limit=10) == 0
    assert services.forget(at=OVER, limit=10) == 1
    delete_discarded_files(at=OVER, limit=10)
    assert not stored()
    assert not ArchivedPicture.objects.exists()
    assert PhotoArchive.objects.get().status == ArchiveStatus.DISCARDED


def test_of_what_was_stored_the_numbers_stay_and_the_list_of_people_goes():
    archive = worked_off(confirmed({f"{make_holder().id_number}.jpg": picture()}))
    services.forget(at=OVER, limit=10)
    assert not archive.pictures.exists()
    archive.refresh_from_db()
    assert archive.counts["stored"] == 1


def test_a_full_disk_costs_no_picture_and_the_next_run_goes_on(monkeypatch):
    person, other = make_holder(), make_holder()
    archive = take_in({f"{each.id_number}.jpg": picture() for each in (person, other)})
    for _ in range(5):  # more often than a picture is tried
        with monkeypatch.context() as patched:
            fill_the_disk(patched)
            assert worked_off(archive).is_unread
    assert worked_off(archive).counts["matched"] == 2
    services.confirm(archive=archive, by=archive.by, at=AT)
    with monkeypatch.context() as patched:
        fill_the_disk(patched)
        assert worked_off(archive).is_running
    assert worked_off(archive).counts["stored"] == 2


def test_a_full_disk_is_said_and_leaves_nothing(monkeypatch):
    fill_the_disk(monkeypatch)
    with pytest.raises(NotStored):
        take_in({f"{make_holder().id_number}.jpg": picture()})
    assert not PhotoArchive.objects.exists()


def test_an_archive_that_is_gone_from_the_disk_is_said():
    archive = take_in({f"{make_holder().id_number}.jpg": picture()})
    default_storage.delete(archive.file.name)
    worked_off(archive)
    assert (archive.status, archive.refusal) == (
        ArchiveStatus.UNREADABLE,
        "压缩包在服务器上读不到了，请重新上传。",
    )


def test_the_matching_costs_the_same_however_many_pictures(django_assert_max_num_queries):
    files = {f"{make_holder().id_number}.jpg": b"1" for _ in range(20)} | {"77.jpg": b"1"}
    by = make_reviewer()
    with django_assert_max_num_queries(10):
        take_in(files, by=by)


def test_the_list_of_an_archive_is_not_read_again_for_each_picture(monkeypatch):
    archive = take_in({f"{make_holder().id_number}.jpg": picture() for _ in range(3)})
    opened, read = [], archive_file.opened
    monkeypatch.setattr(archive_file, "opened", lambda file: opened.append(1) or read(file))
    worked_off(archive)
    assert len(opened) == 1
