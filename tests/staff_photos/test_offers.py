"""Portraits that the unit offers: one counts, and it is deleted when nobody needs it any more."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from apps.cards.enums import RequestStatus
from apps.common.stored_files import NotStored
from apps.events.models import Event
from apps.my_data import erasure
from apps.requests.models import DiscardedFile
from apps.requests.retention import delete_discarded_files
from apps.staff_photos.event_kinds import OFFERED_PORTRAIT
from apps.staff_photos.models import OfferedPortrait
from apps.staff_photos.retention import forget_offers
from apps.staff_photos.services import offer_portrait
from tests.factories.cards import AT, make_request
from tests.factories.offers import make_offer
from tests.factories.people import make_holder, make_reviewer
from tests.factories.storage import fill_the_disk

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=2)


def events_of(holder):
    return Event.objects.of_kind(OFFERED_PORTRAIT).filter(holder_id=holder.pk).count()


def test_the_newest_takes_the_place_of_the_one_before_and_the_same_again_changes_nothing():
    holder, by = make_holder(), make_reviewer()
    assert offer_portrait(holder=holder, jpeg=b"one", by=by, at=AT)
    before = OfferedPortrait.objects.get()
    assert not offer_portrait(holder=holder, jpeg=b"one", by=by, at=LATER)
    assert offer_portrait(holder=holder, jpeg=b"two", by=by, at=LATER)
    now = OfferedPortrait.objects.get()
    assert (now.offered_at, now.offered_by) == (LATER, by)
    assert events_of(holder) == 2
    assert DiscardedFile.objects.get().name == before.picture.name
    delete_discarded_files(at=LATER, limit=10)
    assert not default_storage.exists(before.picture.name)
    with now.picture.open("rb") as file:
        assert file.read() == b"two"


def test_what_cannot_be_stored_changes_nothing(monkeypatch):
    holder = make_holder()
    offer = make_offer(holder, at=AT)
    fill_the_disk(monkeypatch)
    with pytest.raises(NotStored):
        offer_portrait(holder=holder, jpeg=b"two", by=make_reviewer(), at=LATER)
    assert [*OfferedPortrait.objects.all()] == [offer]


@pytest.mark.parametrize(
    ("status", "is_kept"),
    [(RequestStatus.COLLECTED, False), (RequestStatus.DISPATCHED, True), (None, True)],
)
def test_it_is_deleted_once_its_person_has_received_a_card(status, is_kept):
    holder = make_holder()
    make_offer(holder, at=AT - timedelta(days=1))
    if status:
        make_request(status, holder=holder, at=AT)
    forget_offers(at=AT + timedelta(days=30), limit=10)
    assert OfferedPortrait.objects.filter(holder=holder).exists() == is_kept


def test_one_that_came_after_the_card_is_for_the_next_one():
    holder = make_holder()
    make_request(RequestStatus.COLLECTED, holder=holder, at=AT)
    make_offer(holder, at=AT + timedelta(days=60))
    assert forget_offers(at=AT + timedelta(days=61), limit=10) == 0


def test_a_person_may_erase_it():
    holder, other = make_holder(), make_holder()
    for each in (holder, other):
        make_offer(each, at=AT)
    labels = erasure.erase(names=["offered_portraits"], persons=[holder], by=holder.user, at=LATER)
    assert labels == ["单位给您拍的证件照"]
    assert OfferedPortrait.objects.get().holder == other
