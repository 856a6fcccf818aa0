"""Two at once, with real threads on PostgreSQL."""

from datetime import UTC, date, datetime

import pytest

from apps.people.models import Holder
from apps.roster import applying
from apps.roster import services as rosters
from apps.roster.enums import RosterStatus
from apps.roster.models import Invitation, RosterUpload
from tests.contests import at_once
from tests.factories.people import make_id_number

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture
def unread(hr):
    """A file of twenty people that nobody has read yet."""
    lines = [
        f"N{n},张超,{make_id_number(birth_date=date(1979, 3, 3), sequence=n)},1391234{n:04d}"
        for n in range(20)
    ]
    content = "\n".join(["工号,姓名,社会保障号码,手机号", *lines, ""]).encode()
    return rosters.take_in(content=content, is_complete=False, by=hr, at=AT)[0]


@pytest.fixture
def upload(unread):
    rosters.prepare(upload=unread, at=AT)
    unread.refresh_from_db()
    return unread


def test_a_preview_is_applied_by_one_of_two(upload, hr):
    def apply():
        applying.apply(upload=upload, typed_count=None, by=hr, at=AT)

    assert len(at_once(apply, apply)) == 1


def test_it_is_applied_or_discarded_and_never_both(upload, hr):
    refusals = at_once(
        lambda: applying.apply(upload=upload, typed_count=None, by=hr, at=AT),
        lambda: rosters.discard(upload=upload, by=hr, at=AT),
    )
    upload.refresh_from_db()
    assert len(refusals) == 1
    assert upload.is_applied != upload.is_discarded


def test_a_file_that_two_read_has_each_row_once(unread):
    def read():
        rosters.prepare(upload=RosterUpload.objects.get(pk=unread.pk), at=AT)

    at_once(read, read)
    assert unread.rows.count() == 20


def test_two_workers_enter_each_person_once(upload, hr):
    applying.apply(upload=upload, typed_count=None, by=hr, at=AT)
    upload.refresh_from_db()

    def work():
        applying.work(upload=upload, at=AT, limit=500)

    assert at_once(work, work) == []
    upload.refresh_from_db()
    assert (Holder.objects.count(), Invitation.objects.count()) == (20, 20)
    assert set(upload.rows.values_list("outcome", flat=True)) == {"APPLIED"}
    assert (upload.status, upload.status_since) == (RosterStatus.APPLIED, AT)
