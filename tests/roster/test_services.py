"""Taking a roster in, reading it, and dropping its preview."""

from datetime import timedelta

import pytest

from apps.roster import applying
from apps.roster import services as rosters
from apps.roster.enums import RosterStatus
from apps.roster.models import RosterRow, RosterUpload
from apps.roster.refusals import RosterRefused
from apps.sheets.cells import UnreadableSheet
from tests.factories.rosters import AT, LATER, NUMBER, apply, upload

pytestmark = pytest.mark.django_db


def test_the_same_file_again_leads_to_the_open_preview(hr):
    row = f"N1,张超,{NUMBER},,,"
    first = upload(hr, row)
    assert upload(hr, row) == first
    assert upload(hr, row, is_complete=True) != first
    apply(first, hr)
    assert upload(hr, row) != first


def test_a_discarded_preview_keeps_nothing_about_people(hr):
    found = upload(hr, f"N1,张超,{NUMBER},,,")
    rosters.discard(upload=found, by=hr, at=LATER)
    assert not RosterRow.objects.exists()
    found.refresh_from_db()
    with pytest.raises(RosterRefused):
        applying.apply(upload=found, typed_count=None, by=hr, at=LATER)


def test_a_preview_that_nobody_applied_is_dropped_after_a_day(hr):
    found = upload(hr, f"N1,张超,{NUMBER},,,")
    day = timedelta(days=1)
    with pytest.raises(RosterRefused, match="too_old"):
        applying.apply(upload=found, typed_count=None, by=hr, at=AT + day)
    rosters.discard_old(at=AT + day, limit=10)
    found.refresh_from_db()
    assert (found.status, found.status_since) == (RosterStatus.DISCARDED, AT + day)
    assert found.rows.count() == 0


def test_a_big_file_waits_for_the_worker(hr, monkeypatch):
    monkeypatch.setattr(rosters, "AT_ONCE_BYTES", 10)
    found = upload(hr, f"N1,张超,{NUMBER},,,")
    assert (found.is_unread, found.is_ready) == (True, False)
    rosters.prepare_due(at=LATER)
    rosters.prepare_due(at=LATER + timedelta(minutes=1))
    found.refresh_from_db()
    assert (found.status, found.status_since) == (RosterStatus.READ, LATER)
    assert (found.counts["created"], found.content) == (1, "")
    assert found.rows.count() == 1


def test_a_big_file_that_cannot_be_read_says_why(hr, monkeypatch):
    monkeypatch.setattr(rosters, "AT_ONCE_BYTES", 10)
    found, _ = rosters.take_in(content=b"a,b\n1,2\n" * 5, is_complete=False, by=hr, at=AT)
    rosters.prepare_due(at=LATER)
    found.refresh_from_db()
    assert "缺少这些列" in found.refusal
    assert not found.is_ready


def test_a_small_file_that_cannot_be_read_is_not_kept(hr):
    with pytest.raises(UnreadableSheet):
        rosters.take_in(content=b"a,b\n1,2\n", is_complete=False, by=hr, at=AT)
    assert not RosterUpload.objects.exists()


def test_photos_and_passwords_do_not_come_through_the_browser(hr):
    found = upload(
        hr, f"N1,张超,{NUMBER},a.jpg,secret-word-1", headings="工号,姓名,社会保障号码,照片,初始密码"
    )
    assert found.remarks == ["没有用到的列：照片、初始密码。"]
    assert "secret-word-1" not in found.rows.get().cells
