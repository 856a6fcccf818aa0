"""A picture that the portal held or showed never passes, also when it is deleted."""

import pytest
from django.db import connection

from apps.application import portraits
from apps.people.models import Holder
from apps.requests import picture_marks, retention
from apps.requests import services as requests
from apps.requests.models import Particulars, PictureTrace
from apps.staff_photos.services import replace_photo, withdraw_offers
from apps.verification.enums import CheckOutcome
from tests.factories.cards import AT, make_draft
from tests.factories.offers import make_offer
from tests.factories.people import make_holder
from tests.verification import copies
from tests.verification.samples import COUSIN, OTHER, PERSON, encoded, person, selfie, upload
from tests.verification.tries import refused, show_face

pytestmark = pytest.mark.django_db

DELETED = [
    copies.same,
    copies.encoded_anew,
    copies.mirrored,
    copies.made_small,
    copies.cut,
    copies.cut_mirrored_and_encoded,
]


@pytest.mark.sampled
@pytest.mark.parametrize("change", DELETED, ids=lambda change: change.__name__)
def test_a_roster_photo_never_passes_after_another_one_has_taken_its_place(check, scripted, change):
    before = person(PERSON, size=(480, 600))
    replace_photo(holder=check.holder, jpeg=encoded(selfie(OTHER)), by=None, at=AT)
    assert refused(show_face, check, picture=change(before)).code == "same_picture"
    show_face(check, picture=selfie(PERSON))
    assert check.outcome == CheckOutcome.PASSED


@pytest.mark.sampled
@pytest.mark.parametrize("change", DELETED, ids=lambda change: change.__name__)
def test_a_portrait_never_passes_after_it_was_deleted(check, scripted, change):
    draft = make_draft(holder=check.holder)
    shown = person(OTHER)
    portraits.keep_upload(card_request=draft, upload=upload(shown), by=check.by, at=AT)
    picture_marks.note(card_request=draft, picture=b"one", at=AT)
    requests.submit(card_request=draft, by=check.by, at=AT)
    requests.withdraw(card_request=draft, by=check.by, at=AT)
    retention.erase_pictures(holders=[check.holder], at=AT)
    assert not Particulars.objects.get(card_request=draft).portrait_source
    assert refused(show_face, check, picture=change(shown)).code == "same_picture"
    show_face(check, picture=selfie(OTHER))
    assert check.outcome == CheckOutcome.PASSED


@pytest.mark.sampled
@pytest.mark.parametrize("is_deleted", [False, True])
@pytest.mark.parametrize("change", DELETED, ids=lambda change: change.__name__)
def test_what_the_unit_offers_as_a_portrait_never_passes(check, scripted, change, is_deleted):
    shown = person(OTHER)
    make_offer(check.holder, at=AT, picture=shown)
    if is_deleted:
        withdraw_offers(holders=[check.holder], at=AT)
    assert refused(show_face, check, picture=change(shown)).code == "same_picture"
    show_face(check, picture=selfie(OTHER))
    assert check.outcome == CheckOutcome.PASSED


def test_how_a_picture_looked_is_sealed_and_only_of_the_person(check, scripted):
    replace_photo(holder=check.holder, jpeg=encoded(selfie(OTHER)), by=None, at=AT)
    replace_photo(holder=check.holder, jpeg=encoded(person(COUSIN)), by=None, at=AT)
    other = make_holder()
    assert not PictureTrace.objects.filter(holder=other).exists()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT trace FROM {PictureTrace._meta.db_table}")  # noqa: S608
        stored = [row[0] for row in cursor.fetchall()]
    assert len(stored) == 2
    assert not any(each.trace in stored for each in PictureTrace.objects.all())


def test_nothing_is_remembered_where_no_faces_are_compared_or_of_a_draft_that_is_discarded(
    check, settings
):
    draft = make_draft(holder=check.holder)
    portraits.keep_upload(card_request=draft, upload=upload(person(OTHER)), by=check.by, at=AT)
    assert draft.picture_traces.count() == 1
    requests.discard(card_request=draft, by=check.by, at=AT)
    assert not PictureTrace.objects.exists()
    settings.FACES_ENABLED = False
    replace_photo(holder=check.holder, jpeg=encoded(selfie(OTHER)), by=None, at=AT)
    assert not PictureTrace.objects.exists()


def test_what_serves_nothing_any_more_is_forgotten_at_once(check, settings):
    """Of people without an account, and of all where no faces are compared."""
    closed, merged = make_holder(), make_holder()
    for holder in (check.holder, closed, merged):
        picture_marks.note_traces(holder=holder, traces=["trace"], at=AT)
    Holder.objects.filter(pk=closed.pk).update(closed_at=AT)
    Holder.objects.filter(pk=merged.pk).update(user=None)
    assert retention.forget_picture_traces(at=AT, limit=1) == 1
    assert retention.forget_picture_traces(at=AT, limit=9) == 1
    assert PictureTrace.objects.get().holder == check.holder
    settings.FACES_ENABLED = False
    assert retention.forget_picture_traces(at=AT, limit=9) == 1


def test_of_one_person_so_many_are_remembered_the_oldest_go(check):
    for number in range(picture_marks.MOST_TRACES + 3):
        picture_marks.note_traces(holder=check.holder, traces=[f"trace {number}"], at=AT)
    kept = [each.trace for each in PictureTrace.objects.order_by("pk")]
    assert len(kept) == picture_marks.MOST_TRACES
    assert kept[0] == "trace 3"
