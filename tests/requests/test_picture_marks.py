"""A picture that was handed in for somebody is remembered, also when it is deleted."""

from datetime import timedelta

import pytest

from apps.cards.enums import RequestStatus
from apps.encryption.fields import file_marks
from apps.requests import picture_marks, retention
from apps.requests import services as requests
from apps.requests.models import Particulars, PictureMark
from apps.risks import finding
from tests.factories.cards import AT, make_draft, make_request
from tests.factories.people import make_holder

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)


def handed_in(picture, *, at=AT, **options):
    """A request that was submitted with `picture`, the bytes of a file."""
    card_request = make_draft(at=at, **options)
    picture_marks.note(card_request=card_request, picture=picture, at=at)
    requests.submit(card_request=card_request, by=card_request.applicant, at=at)
    return card_request


def is_noticed(card_request):
    """By the rule for one request, and by the condition for many."""
    found = [risk.code for risk in finding.of(card_request)]
    listed = finding.for_requests([card_request])[card_request.pk]
    assert [risk.code for risk in listed] == found
    return "SAME_PICTURE" in found


def test_the_same_picture_for_two_people_is_noticed_on_both():
    first, second = handed_in(b"one"), handed_in(b"one")
    other = handed_in(b"two")
    assert [is_noticed(each) for each in (first, second, other)] == [True, True, False]


def test_it_is_noticed_when_the_first_picture_is_deleted():
    first = handed_in(b"one")
    requests.withdraw(card_request=first, by=first.applicant, at=AT)
    retention.erase_pictures(holders=[first.holder], at=AT)
    assert not Particulars.objects.get(card_request=first).portrait
    assert is_noticed(handed_in(b"one", at=LATER))


def test_the_same_person_may_use_a_picture_again():
    holder = make_holder()
    first = handed_in(b"one", holder=holder)
    requests.withdraw(card_request=first, by=first.applicant, at=AT)
    assert not is_noticed(handed_in(b"one", holder=holder, at=LATER))


def test_a_picture_that_was_never_handed_in_is_forgotten_with_its_draft():
    draft = make_draft(at=AT)
    picture_marks.note(card_request=draft, picture=b"one", at=AT)
    assert not is_noticed(handed_in(b"one"))
    requests.discard(card_request=draft, by=draft.applicant, at=AT)
    assert not PictureMark.objects.filter(card_request=draft).exists()


def test_another_picture_ends_it():
    handed_in(b"one")
    card_request = make_draft(at=AT)
    for picture in (b"one", b"mine"):
        picture_marks.note(card_request=card_request, picture=picture, at=AT)
    requests.submit(card_request=card_request, by=card_request.applicant, at=AT)
    assert not is_noticed(card_request)


def test_a_change_of_keys_forgets_nothing(settings):
    old = settings.INDEX_KEYS
    handed_in(b"one")
    settings.INDEX_KEYS = ["a new key", *old]
    assert is_noticed(handed_in(b"one"))


def test_the_mark_tells_nothing_without_the_key(settings):
    [before] = file_marks(b"one")
    settings.INDEX_KEYS = ["another key"]
    assert file_marks(b"one") != [before]


def test_what_was_accepted_with_no_mark_has_no_such_risk():
    assert not is_noticed(make_request(RequestStatus.ACCEPTED))
