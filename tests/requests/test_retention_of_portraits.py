"""Pictures go at their time, whatever breaks between the row and the file."""

from datetime import timedelta
from unittest import mock

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import IntegrityError

from apps.cards.enums import REQUEST_FINAL, REQUEST_IN_FLIGHT, RequestStatus
from apps.common.moments import kept_until
from apps.requests import retention
from apps.requests.models import DiscardedFile, Particulars
from tests.factories.cards import AT, COMPLETE, make_card, make_request
from tests.requests.keeping import LIMIT, TICK, end_of, saved, sweep, there, with_pictures

pytestmark = pytest.mark.django_db


# A discarded draft is emptied at once: tests/application/test_discard.py.
@pytest.mark.parametrize("status", sorted({*REQUEST_FINAL} - {RequestStatus.DISCARDED}))
def test_the_pictures_go_when_their_time_after_the_end_is_over_and_not_before(status):
    card_request = make_request(status)
    names = with_pictures(card_request)
    due = kept_until(end_of(card_request), settings.PORTRAIT_RETENTION)
    sweep(due - TICK)
    assert there(names) == [True, True]
    assert saved(card_request).portrait.name == names[1]
    sweep(due)
    assert there(names) == [False, False]
    row = saved(card_request)
    assert (row.portrait, row.portrait_source, row.portrait_crop) == ("", "", {})
    assert row.portrait_findings == []
    assert row.is_portrait_forgotten
    assert row.phone == COMPLETE["phone"]
    assert not DiscardedFile.objects.exists()


@pytest.mark.parametrize("status", sorted({*REQUEST_IN_FLIGHT} - {RequestStatus.DRAFT}))
def test_a_request_in_flight_keeps_everything_however_long_it_takes(status):
    card_request = make_request(status)
    names = with_pictures(card_request)
    before = Particulars.objects.filter(card_request=card_request).values().get()
    sweep(AT + timedelta(days=9999))
    assert Particulars.objects.filter(card_request=card_request).values().get() == before
    assert there(names) == [True, True]


def test_the_portrait_of_a_card_in_use_is_no_exception():
    card = make_card()
    names = with_pictures(card.card_request)
    sweep(kept_until(end_of(card.card_request), settings.PORTRAIT_RETENTION))
    assert there(names) == [False, False]


def test_one_run_takes_no_more_than_its_limit_and_the_next_goes_on():
    requests = [make_request(RequestStatus.WITHDRAWN) for _ in range(3)]
    names = [name for card_request in requests for name in with_pictures(card_request)]
    at = kept_until(end_of(requests[-1]), settings.PORTRAIT_RETENTION)
    assert retention.forget_portraits(at=at, limit=2) == 2
    assert retention.forget_portraits(at=at, limit=2) == 1
    assert retention.forget_portraits(at=at, limit=2) == 0
    assert retention.delete_discarded_files(at=at, limit=4) == 4
    assert sum(there(names)) == 2
    assert retention.delete_discarded_files(at=at, limit=4) == 2
    assert not any(there(names))


def test_what_the_disk_refused_is_deleted_once_it_gives_way(caplog):
    card_request = make_request(RequestStatus.REJECTED)
    names = with_pictures(card_request)
    at = kept_until(end_of(card_request), settings.PORTRAIT_RETENTION)
    with mock.patch.object(default_storage, "delete", side_effect=OSError("read-only")):
        sweep(at)
    assert saved(card_request).portrait == ""
    assert "not deleted: OSError" in caplog.text
    later = at + settings.FILE_RETRY_AFTER
    assert retention.delete_discarded_files(at=later - TICK, limit=LIMIT) == 0
    assert there(names) == [True, True]
    assert retention.delete_discarded_files(at=later, limit=LIMIT) == 2
    assert there(names) == [False, False]
    assert not DiscardedFile.objects.exists()


def test_one_file_that_cannot_be_deleted_does_not_hold_up_the_others():
    card_request = make_request(RequestStatus.REJECTED)
    bad, good = with_pictures(card_request)
    at = kept_until(end_of(card_request), settings.PORTRAIT_RETENTION)
    delete = default_storage.delete

    def refuse_one(name):
        if name == bad:
            raise PermissionError
        delete(name)

    with mock.patch.object(default_storage, "delete", side_effect=refuse_one):
        sweep(at)
    assert there([bad, good]) == [True, False]
    assert DiscardedFile.objects.get().name == bad


def test_a_death_between_row_and_file_loses_nothing():
    card_request = make_request(RequestStatus.REJECTED)
    names = with_pictures(card_request)
    at = kept_until(end_of(card_request), settings.PORTRAIT_RETENTION)
    retention.forget_portraits(at=at, limit=LIMIT)  # and the process dies
    assert there(names) == [True, True]
    sweep(at + timedelta(hours=1))
    assert there(names) == [False, False]


def test_a_death_between_file_and_name_is_made_up_for():
    card_request = make_request(RequestStatus.REJECTED)
    names = with_pictures(card_request)
    at = kept_until(end_of(card_request), settings.PORTRAIT_RETENTION)
    dies = mock.patch.object(DiscardedFile, "delete", side_effect=KeyboardInterrupt)
    with dies, pytest.raises(KeyboardInterrupt):
        sweep(at)
    assert there(names) == [False, True]
    assert DiscardedFile.objects.count() == 2
    sweep(at + timedelta(hours=1))
    assert there(names) == [False, False]
    assert not DiscardedFile.objects.exists()


def test_the_row_keeps_its_pictures_when_their_names_cannot_be_kept():
    card_request = make_request(RequestStatus.REJECTED)
    names = with_pictures(card_request)
    at = kept_until(end_of(card_request), settings.PORTRAIT_RETENTION)
    with mock.patch.object(type(DiscardedFile.objects), "bulk_create", side_effect=IntegrityError):
        sweep(at)
    assert saved(card_request).portrait.name == names[1]
    assert there(names) == [True, True]
