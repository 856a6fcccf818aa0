"""A draft that nobody goes on with is emptied and stays a draft."""

from datetime import timedelta
from functools import partial

import pytest
from django.conf import settings

from apps.cards.enums import RequestStatus
from apps.common.moments import kept_until
from apps.requests import retention, services
from apps.requests.models import Particulars
from apps.requests.services import Incomplete
from tests.contests import at_once
from tests.factories.cards import AT, COMPLETE, make_draft
from tests.factories.people import make_holder, make_ward
from tests.requests.keeping import LIMIT, TICK, saved, sweep, there, with_pictures

pytestmark = pytest.mark.django_db


def test_a_draft_nobody_saves_is_emptied_and_can_be_gone_on_with():
    draft = make_draft()
    names = with_pictures(draft)
    Particulars.objects.filter(card_request=draft).update(typed='{"phone": "138"}')
    due = kept_until(saved(draft).saved_at, settings.DRAFT_RETENTION)
    sweep(due - TICK)
    assert saved(draft).phone == COMPLETE["phone"]
    sweep(due)
    row = saved(draft)
    assert [row.phone, row.address, row.typed, row.portrait, row.ethnicity] == [""] * 5
    assert (row.saved_at, row.portrait_saved_at, row.id_valid_from) == (None, None, None)
    assert there(names) == [False, False]
    assert row.name == draft.holder.name
    by = draft.applicant
    services.save_draft(card_request=draft, values=COMPLETE, by=by, at=due)
    services.submit(card_request=draft, by=by, at=due)
    assert draft.status == RequestStatus.SUBMITTED


def test_an_emptied_draft_is_left_alone_until_it_is_saved_again():
    draft = make_draft()
    at = kept_until(saved(draft).saved_at, settings.DRAFT_RETENTION)
    assert retention.forget_drafts(at=at, limit=LIMIT) == 1
    assert retention.forget_drafts(at=at + timedelta(days=999), limit=LIMIT) == 0


def test_every_saving_starts_the_time_anew():
    draft = make_draft()
    due = kept_until(saved(draft).saved_at, settings.DRAFT_RETENTION)
    values = {"phone": "13900139000"}
    services.save_draft(card_request=draft, values=values, by=draft.applicant, at=due - TICK)
    assert retention.forget_drafts(at=due, limit=LIMIT) == 0
    assert saved(draft).phone == "13900139000"


def test_the_emptied_draft_of_a_child_still_knows_its_guardian():
    guardian = make_holder()
    draft = make_draft(holder=make_ward(guardian), by=guardian.user)
    sweep(kept_until(AT, settings.DRAFT_RETENTION))
    assert saved(draft).saved_at is None
    assert saved(draft).guardian == guardian


def test_a_draft_that_is_handed_in_at_the_last_moment_stays_whole():
    draft = make_draft()
    at = kept_until(AT, settings.DRAFT_RETENTION)
    due = Particulars.objects.abandoned(at - settings.DRAFT_RETENTION)
    assert due.count() == 1
    services.submit(card_request=draft, by=draft.applicant, at=at)
    # The sweep had listed the row already.
    assert not retention._empty(draft.particulars.pk, due, retention.nothing_typed(), at=at)
    assert saved(draft).phone == COMPLETE["phone"]


def test_a_draft_that_was_emptied_at_the_last_moment_is_not_handed_in():
    draft = make_draft()
    assert draft.particulars.phone  # as a page read it
    at = kept_until(AT, settings.DRAFT_RETENTION)
    sweep(at)
    with pytest.raises(Incomplete):
        services.submit(card_request=draft, by=draft.applicant, at=at)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_submitting_and_emptying_at_once_one_comes_first():
    for _ in range(10):
        draft = make_draft()
        at = kept_until(AT, settings.DRAFT_RETENTION)
        refusals = at_once(
            partial(services.submit, card_request=draft, by=draft.applicant, at=at),
            partial(retention.forget_drafts, at=at, limit=LIMIT),
        )
        draft.refresh_from_db()
        is_whole = saved(draft).phone == COMPLETE["phone"]
        assert is_whole == (draft.status == RequestStatus.SUBMITTED)
        assert len(refusals) == (0 if is_whole else 1)
