"""What the page of a roster offers, to whom, and in which status."""

import pytest
from django.conf import settings

from apps.backoffice.roster.offers import offers
from apps.desk import roles
from apps.roster import services as rosters
from apps.roster.enums import RosterAction
from tests.factories.people import make_colleague
from tests.factories.rosters import AT, make_upload, upload

pytestmark = pytest.mark.django_db
APPLY, DISCARD, UPLOAD = RosterAction.APPLY, RosterAction.DISCARD, RosterAction.UPLOAD


@pytest.fixture
def hr():
    return make_colleague(roles.SUPERVISOR)


def opened(found, by, *, at=AT):
    return [offer.action for offer in offers(found, by=by, at=at).open]


def test_a_preview_is_applied_or_discarded_by_whoever_manages_rosters(hr):
    found = upload(hr)
    assert opened(found, hr) == [APPLY, DISCARD]
    closed = offers(found, by=make_colleague(roles.AUDITOR), at=AT)
    assert closed.open == []
    assert closed.of(APPLY).why_not == "等待审核主管核对后生效。"


def test_a_preview_that_is_too_old_says_so_and_can_still_be_discarded(hr):
    found = upload(hr)
    old = AT + settings.ROSTER_RETENTION
    assert opened(found, hr, at=old) == [DISCARD]
    assert offers(found, by=hr, at=old).of(APPLY).refusal.code == "too_old"


def test_nothing_is_offered_once_it_is_applied_or_discarded(hr):
    assert offers(make_upload(by=hr, at=AT, is_applied=True), by=hr, at=AT) == []
    dropped = upload(hr)
    rosters.discard(upload=dropped, by=hr, at=AT)
    assert offers(dropped, by=hr, at=AT) == []


def test_a_file_that_could_not_be_read_is_uploaded_again(hr, monkeypatch):
    monkeypatch.setattr(rosters, "AT_ONCE_BYTES", 0)
    found, _ = rosters.take_in(content=b"a,b\n1,2\n", is_complete=False, by=hr, at=AT)
    rosters.prepare_due(at=AT)
    found.refresh_from_db()
    assert opened(found, hr) == [DISCARD, UPLOAD]


def test_headings_in_other_words_are_matched_by_whoever_manages_rosters(hr):
    found = upload(hr, "T1,x,y", headings="职工号,姓名,身份证号")
    assert opened(found, hr) == [RosterAction.MATCH, DISCARD]
    closed = offers(found, by=make_colleague(roles.AUDITOR), at=AT)
    assert "哪一列是什么" in closed.of(RosterAction.MATCH).why_not
