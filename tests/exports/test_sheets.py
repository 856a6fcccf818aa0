"""The 采集表 for a centre: what is in it, for whom it is sealed, its columns, and the daily one."""

import hashlib
import io
import zipfile
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.common.refusals import Refused
from apps.desk import event_kinds, roles
from apps.encryption import sealed_boxes
from apps.events.models import Event
from apps.exports import collection, files, profiles, services, working
from apps.exports.enums import ExportStatus, ExportSubject, SheetSchedule
from apps.exports.models import Export, SheetProfile
from tests.exports.steps import run
from tests.factories.cards import make_request
from tests.factories.people import make_colleague, make_holder, make_ward

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-11-27T09:00:00+08:00")  # a Friday


@pytest.fixture
def key(settings, tmp_path, filed_portrait):
    sealed_boxes.new_key(tmp_path / "centre")
    settings.BUREAU_PUBLIC_KEY = (tmp_path / "centre.public").read_text()
    return sealed_boxes.read_private((tmp_path / "centre.private").read_bytes())


def approved(**options):
    return make_request(RequestStatus.APPROVED, **options)


def ordered(by, *, which=profiles.NEW, at=NOW):
    return profiles.order(receiver="main", which=which, reason="每月报送", by=by, at=at)


def opened(export, key):
    """The archive, as the centre opens it."""
    reader = sealed_boxes.Reader(services.opened(export=export), key)
    return zipfile.ZipFile(io.BytesIO(io.BufferedReader(reader).read()))


def rows_of(archive):
    sheet = openpyxl.load_workbook(io.BytesIO(archive.read("采集表.xlsx"))).active
    heading, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return sheet, [dict(zip(heading, row, strict=True)) for row in rows]


def columns_saved(by, *columns, version=0, schedule=SheetSchedule.NEVER, receiver="main"):
    return profiles.save_columns(
        receiver=receiver,
        columns=columns,
        format="XLSX",
        schedule=schedule,
        seen_version=version,
        by=by,
        at=NOW,
    )


def test_the_archive_has_a_row_and_a_picture_for_each_and_its_checksums(supervisor, key):
    found = approved(holder=make_holder(name="张超"))
    make_request(RequestStatus.ACCEPTED)
    ordered(supervisor)
    archive = opened(run(at=NOW), key)
    number = found.particulars.id_number
    sheet, [row] = rows_of(archive)
    assert (row["社会保障号码"], row["姓名"], row["照片文件"]) == (number, "张超", f"{number}.jpg")
    assert row["出生日期"] == f"{found.particulars.birth_date:%Y%m%d}"
    assert (row["系统类别"], row["领卡方式"], row["银行编号"]) == ("06", "1", found.bank.code)
    assert row["经办人"] == supervisor.employee_number
    assert {cell.number_format for cell in sheet[2]} == {"@"}
    with found.particulars.portrait.open("rb") as picture:
        assert archive.read(f"照片/{number}.jpg") == picture.read()
    sums = dict(
        line.split("  ")[::-1] for line in archive.read("SHA256SUMS.txt").decode().splitlines()
    )
    assert set(sums) == set(archive.namelist()) - {"SHA256SUMS.txt"}
    for name, digest in sums.items():
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    assert "性别：1 男；2 女" in archive.read("说明.txt").decode()


def test_a_child_s_row_names_the_guardian_and_codes_beyond_the_table_become_others(supervisor, key):
    father = make_holder(name="王大力")
    child = make_ward(father, birth_date=date(2022, 6, 1))
    found = approved(holder=child, by=father.user)
    type(found.particulars).objects.filter(pk=found.particulars.pk).update(ethnicity="97")
    ordered(supervisor)
    _, [row] = rows_of(opened(run(at=NOW), key))
    assert (row["监护人姓名"], row["监护人证件号码"]) == ("王大力", father.id_number)
    assert (row["监护关系"], row["监护证件类型"], row["民族"]) == ("2", "1", "99")


def test_only_the_centre_can_read_it(supervisor, key):
    approved()
    ordered(supervisor)
    sealed = services.opened(export=run(at=NOW)).read()
    assert sealed.startswith(sealed_boxes.MAGIC)
    assert b"PK" not in sealed[:100]


def test_without_a_key_nothing_is_ordered(supervisor, settings):
    settings.BUREAU_PUBLIC_KEY = ""
    approved()
    with pytest.raises(Refused) as refusal:
        ordered(supervisor)
    assert "公钥" in refusal.value.message


def test_a_reviewer_may_order_none(reviewer, key):
    approved()
    with pytest.raises(Refused) as refusal:
        ordered(reviewer)
    assert refusal.value.code == "no_permission"


def test_who_was_listed_is_not_new_again_but_can_be_sent_again(supervisor, key):
    first = approved()
    ordered(supervisor)
    run(at=NOW)
    assert profiles.count("main", which=profiles.NEW, at=NOW) == 0
    with pytest.raises(Refused) as refusal:
        ordered(supervisor)
    assert refusal.value.code == "nothing"
    second = approved()
    later = NOW + timedelta(minutes=5)
    new = collection.whom("main", is_new=True, at=later)
    assert set(new) == {second}
    assert set(collection.whom("main", is_new=False, at=later)) == {first, second}


def test_columns_are_in_the_order_and_under_the_headings_of_the_last_version(supervisor, key):
    approved(holder=make_holder(name="张超"))
    columns_saved(supervisor, ("name", "人员姓名"), ("id_number", "证件号"), ("gone", "没有了"))
    export = ordered(supervisor)
    assert export.profile.version == 1
    columns_saved(supervisor, ("name", "=姓名"), version=1)
    _, [row] = rows_of(opened(run(at=NOW), key))
    assert list(row) == ["人员姓名", "证件号"]
    kept = Event.objects.of_kind(event_kinds.SHEET)
    assert [event.facts["version"] for event in kept.order_by("pk")] == [1, 2]


def test_who_saves_columns_over_a_newer_version_is_told(supervisor):
    columns_saved(supervisor, ("name", ""))
    with pytest.raises(Refused) as refusal:
        columns_saved(supervisor, ("phone", ""))
    assert "刚刚有人保存了新的一版" in refusal.value.message
    assert SheetProfile.objects.count() == 1


def test_a_lost_picture_is_named_and_nothing_is_written(supervisor, key):
    found = approved()
    found.particulars.portrait.storage.delete(found.particulars.portrait.name)
    ordered(supervisor)
    export = working.lease_next(at=NOW)
    with pytest.raises(Refused) as refusal:
        working.write(export=export, clock=lambda: NOW)
    assert f"{found.reference}（照片的文件打不开）" in refusal.value.message


def test_a_picture_that_is_deleted_meanwhile_is_not_called_a_full_disk(
    supervisor, key, monkeypatch
):
    portrait = approved().particulars.portrait
    write = files.write

    def write_and_lose(*args, **options):
        write(*args, **options)
        portrait.storage.delete(portrait.name)

    monkeypatch.setattr(files, "write", write_and_lose)
    ordered(supervisor)
    with pytest.raises(Refused) as refusal:
        working.write(export=working.lease_next(at=NOW), clock=lambda: NOW)
    assert "有一张照片在打包的时候已经删除" in refusal.value.message


def test_every_event_says_who_how_many_for_whom_and_which_version(supervisor, key, client):
    approved()
    ordered(supervisor, at=timezone.now())
    export = run(at=timezone.now())
    client.force_login(supervisor)
    assert client.post(reverse("admin:exports_export_file", args=[export.reference])).streaming
    events = [*export.events, Event.objects.of_kind(event_kinds.EXPORT_FILE).get()]
    assert [event.action for event in events] == ["ORDER", "START", "FINISH", "FETCH"]
    for event in (events[2], events[3]):
        assert (event.by, event.facts["rows"]) == (supervisor, 1)
        assert (event.facts["receiver"], event.facts["version"]) == ("main", 1)


def test_another_supervisor_may_fetch_a_sealed_file(supervisor, key, client):

    approved()
    ordered(supervisor, at=timezone.now())
    export = run(at=timezone.now())
    client.force_login(make_colleague(roles.SUPERVISOR))
    assert client.post(reverse("admin:exports_export_file", args=[export.reference])).streaming


@pytest.mark.parametrize(
    ("schedule", "days"),
    [
        (SheetSchedule.NEVER, []),
        (SheetSchedule.WORKDAYS, [27, 30]),
        (SheetSchedule.DAILY, [27, 28, 29, 30]),
    ],
)
def test_a_scheduled_file_is_ordered_once_a_day(supervisor, key, schedule, days):
    columns_saved(supervisor, ("name", ""), schedule=schedule)
    approved()
    assert profiles.order_due(at=NOW.replace(hour=5)) == 0
    for day in range(4):
        for _ in range(2):
            profiles.order_due(at=NOW + timedelta(days=day))
    found = Export.objects.filter(subject=ExportSubject.SHEET).order_by("pk")
    assert [each.for_date.day for each in found] == days
    assert {each.by for each in found} <= {supervisor}
    assert {each.status for each in found} <= {ExportStatus.WAITING}


def test_the_pages_order_a_file_and_keep_what_was_typed(supervisor, key, client):
    approved()
    client.force_login(supervisor)
    page, edit = (
        reverse("admin:exports_export_sheet"),
        reverse("admin:exports_export_columns", args=["main"]),
    )
    assert "<b>1</b> 人" in client.get(page).content.decode()
    answer = client.post(page, {"receiver": "main", "which": "new", "reason": ""})
    assert "请写明为什么报送" in answer.content.decode()
    shown = client.get(edit).content.decode()
    assert 'name="place_id_number"' in shown
    data = {"format": "XLSX", "schedule": "DAILY", "seen_version": "0"}
    data |= {"place_name": "2", "heading_name": "人员姓名", "place_phone": "1"}
    wrong = client.post(edit, data | {"place_name": "第二"}).content.decode()
    assert "次序请填 1 到 999 的数字" in wrong
    assert "人员姓名" in wrong
    assert client.post(edit, data).url == page
    assert SheetProfile.objects.get().columns == [["phone", "手机号"], ["name", "人员姓名"]]
    assert "刚刚有人保存了新的一版" in client.post(edit, data).content.decode()
    answer = client.post(page, {"receiver": "main", "which": "new", "reason": "每月报送"})
    assert answer.url == reverse(
        "admin:exports_export_change", args=[Export.objects.get().reference]
    )


def test_every_field_that_a_card_manager_takes_can_be_a_column():
    """By the interface document of a card manager in Shandong, apart from pictures of documents."""
    person = (
        "name id_type id_number sex birth_date nationality ethnicity id_valid_from id_valid_until"
    )
    more = "issuing_authority phone address occupation household_type bank_code city_code photo"
    child = "name id_type id_number relation sex phone proof valid_from valid_until authority"
    delivery = "province city county address postcode phone"
    names = {
        *person.split(),
        *more.split(),
        *(f"guardian_{name}" for name in child.split()),
        "birth_certificate",
        *("delivery", "recipient", "branch", "branch_code"),
        *(f"recipient_{name}" for name in delivery.split()),
        *("replacement_reason", "channel", "operator"),
    }
    assert names <= set(collection.columns())
