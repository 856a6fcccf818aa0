"""人脸核验: who passes, who is refused and why, and what is kept of it."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from apps.cards.enums import RequestStatus
from apps.verification import face_check, providers, registry
from apps.verification.enums import (
    REVIEWED,
    CheckMethod,
    CheckOutcome,
    Likeness,
    Purpose,
    purposes,
)
from apps.verification.faces import Comparison
from apps.verification.models import FaceTry
from apps.verification.services import decide
from apps.verification.ways import CODE, FACE
from tests.factories.cards import AT, make_draft, make_request
from tests.factories.people import make_holder, make_ward
from tests.verification import copies
from tests.verification.samples import COUSIN, OTHER, PERSON, encoded, person, selfie
from tests.verification.tries import SOON, Scripted, refused, show_face, use

pytestmark = pytest.mark.django_db


@pytest.mark.faces
def test_the_person_on_file_passes(check):
    show_face(check, picture=selfie(PERSON))
    assert (check.outcome, check.method) == (CheckOutcome.PASSED, CheckMethod.FACE)
    assert check.score < 0.45
    assert use(check).is_used


@pytest.mark.faces
def test_another_person_is_refused_and_may_try_again(check):
    assert refused(show_face, check, picture=selfie(OTHER)).code == "different"
    assert check.outcome == CheckOutcome.REFUSED
    assert refused(use, check).code == "not_verified"
    show_face(check, picture=selfie(PERSON))
    assert check.outcome == CheckOutcome.PASSED


@pytest.mark.faces
def test_an_uncertain_face_passes_with_its_score_for_the_reviewer(begin, holder):
    check = begin(card_request=make_draft(holder=holder))
    show_face(check, picture=selfie(COUSIN))
    assert check.outcome == CheckOutcome.UNCERTAIN
    assert 0.45 <= check.score <= 0.6
    assert use(check)


@pytest.mark.parametrize("change", [copies.same, copies.encoded_anew, copies.mirrored])
def test_the_picture_on_file_never_passes_whoever_compares(check, scripted, change):
    on_file = person(PERSON, size=(480, 600))
    assert refused(show_face, check, picture=change(on_file)).code == "same_picture"
    assert check.outcome == CheckOutcome.REFUSED
    assert check.face_tries.get().likeness == Likeness.SAME_PICTURE


def test_nor_does_a_portrait_that_was_uploaded_and_that_nobody_has_seen_yet(check, scripted):
    draft = make_draft(holder=check.holder)
    draft.particulars.portrait.save("p.jpg", ContentFile(encoded(selfie(OTHER))))
    picture = copies.encoded_anew(copies.mirrored(selfie(OTHER)))
    assert refused(show_face, check, picture=picture).code == "same_picture"


@pytest.mark.faces
def test_a_part_of_the_picture_on_file_does_not_pass_either(check):
    picture = copies.cut_mirrored_and_encoded(person(PERSON, size=(480, 600)))
    assert refused(show_face, check, picture=picture).code == "same_picture"


@pytest.mark.faces
def test_a_picture_without_a_face_is_refused(check):
    assert refused(show_face, check, picture=Image.new("RGB", (640, 640))).code == "no_face"


UNREVIEWED = [purpose for purpose in purposes() if purpose not in REVIEWED]


@pytest.mark.parametrize("purpose", UNREVIEWED)
def test_where_nobody_looks_afterwards_a_picture_is_not_enough(begin, scripted, purpose):
    check = begin(purpose=purpose)
    assert FACE not in registry.suiting(check)
    assert CODE in registry.suiting(check)
    assert refused(show_face, check).code == "not_available"
    assert not check.face_tries.exists()


@pytest.fixture
def lively(scripted, monkeypatch):
    """A provider that tells a living person from a picture."""
    monkeypatch.setattr(scripted, "proves_liveness", True)
    return scripted


def test_a_provider_that_proves_liveness_is_enough_everywhere(begin, lively):
    check = begin(purpose=Purpose.ACTIVATE)
    assert FACE in registry.suiting(check)
    show_face(check)
    assert use(check).is_used


@pytest.mark.parametrize("purpose", [Purpose.ACTIVATE, Purpose.LOSS_REPORT, Purpose.APPLY])
def test_a_doubt_that_no_reviewer_will_see_passes_nothing(begin, lively, purpose):
    lively.answer = Comparison(Likeness.UNCERTAIN, 0.5)
    check = begin(purpose=purpose)  # without a request
    assert refused(show_face, check).code == "uncertain"
    assert check.outcome == CheckOutcome.REFUSED
    assert refused(use, check).code == "not_verified"


@pytest.mark.parametrize(
    "likeness",
    [Likeness.DIFFERENT, Likeness.NO_FACE, Likeness.MANY_FACES, Likeness.NO_REFERENCE],
)
def test_each_refusal_of_a_face_has_its_reason(check, scripted, likeness):
    scripted.answer = Comparison(likeness)
    refusal = refused(show_face, check)
    assert refusal.code == likeness.lower()
    assert refusal.message.endswith("。")
    assert check.face_tries.get().likeness == likeness


@pytest.mark.django_db(transaction=True)
def test_faces_are_compared_outside_of_any_transaction(check, scripted):
    show_face(check)
    assert scripted.was_in_transaction is False


def test_nothing_of_the_picture_is_kept(check, scripted, settings):
    before = set(settings.MEDIA_ROOT.rglob("*"))
    show_face(check, picture=selfie())
    assert set(settings.MEDIA_ROOT.rglob("*")) == before
    columns = {field.name for field in FaceTry._meta.fields}
    assert columns == {"id", "of_check", "likeness", "score", "at"}


def test_faces_are_limited_by_the_hour_and_over_all_checks(begin, scripted, settings):
    settings.FACE_TRIES_PER_HOUR = 3
    scripted.answer = Comparison(Likeness.NO_FACE)
    for _ in range(3):
        assert refused(show_face, begin()).code == "no_face"
    other = begin()
    assert refused(show_face, other).code == "too_many_tries"
    assert FaceTry.objects.count() == 3
    later = AT + timedelta(hours=1, minutes=3)
    fresh = begin(at=later)
    assert refused(show_face, fresh, at=later).code == "no_face"


def test_who_has_no_picture_on_file_is_led_to_the_code(begin, scripted):
    nobody = make_holder()
    check = begin(holder=nobody, by=nobody.user)
    assert "短信验证码" in face_check.face_hindrance(check=check, at=AT)
    assert refused(show_face, check).code == "not_available"


def test_without_the_wheels_the_face_is_not_available(check, settings):
    settings.FACES_ENABLED = False
    assert "不可用" in face_check.face_hindrance(check=check, at=AT)
    assert refused(show_face, check).code == "not_available"
    assert check.outcome == CheckOutcome.PENDING


def test_a_picture_that_is_gone_is_no_server_error(check, scripted):
    photo = check.holder.reference_photo
    photo.storage.delete(photo.name)
    assert refused(show_face, check).code == "no_reference"


@pytest.mark.faces
def test_an_approved_portrait_serves_where_there_is_no_roster_photo(begin):
    someone = make_holder()
    card_request = make_request(RequestStatus.PRODUCED, holder=someone)
    card_request.particulars.portrait.save("p.jpg", ContentFile(encoded(person(PERSON))))
    check = begin(holder=someone, by=someone.user, card_request=card_request)
    show_face(check, picture=selfie(PERSON))
    assert check.outcome == CheckOutcome.PASSED


def test_a_portrait_that_nobody_reviewed_proves_nothing(begin, scripted):
    someone = make_holder()
    draft = make_draft(holder=someone)
    draft.particulars.portrait.save("p.jpg", ContentFile(encoded(person(PERSON))))
    check = begin(holder=someone, by=someone.user, card_request=draft)
    assert face_check.face_hindrance(check=check, at=AT)


def test_a_guardian_shows_the_own_face_never_the_child_s(begin, holder, scripted):
    child = make_ward(holder)
    check = begin(holder=child)
    assert face_check.face_hindrance(check=check, at=AT) is None
    show_face(check)
    assert use(check).holder == child


def test_a_service_of_one_s_own_needs_no_picture_on_file(begin, scripted, monkeypatch):
    monkeypatch.setattr(scripted, "needs_reference", False)
    nobody = make_holder()
    check = begin(holder=nobody, by=nobody.user)
    show_face(check)
    assert check.outcome == CheckOutcome.PASSED


def test_the_provider_is_the_one_that_the_settings_name(scripted):
    assert isinstance(providers.get(), Scripted)


def test_what_is_held_is_decoded_small(check, scripted, monkeypatch):
    """Seven pictures at 2400 pixels would need 120 MB for each try."""
    seen = []
    monkeypatch.setattr(
        scripted,
        "compare",
        lambda self, *, holder, picture, reference, held: (
            seen.extend([reference, *held]) or self.answer
        ),
    )
    card_request = make_request(RequestStatus.PRODUCED, holder=check.holder)
    for name in ("portrait", "portrait_source"):
        large = ContentFile(encoded(selfie(OTHER).resize((1800, 2400))))
        getattr(card_request.particulars, name).save("p.jpg", large)
    show_face(check, picture=selfie())
    assert len(seen) == 3, "the reference once"
    assert {max(image.size) for image in seen} <= {600, 800}
    assert {image.mode for image in seen} == {"RGB"}


@pytest.mark.parametrize("purpose", UNREVIEWED)
def test_an_uncertain_check_finishes_nothing_that_nobody_reviews(begin, purpose):
    """Whatever wrote it, and whatever the provider proves."""
    check = begin(purpose=purpose)
    decide(check=check, outcome=CheckOutcome.UNCERTAIN, method=CheckMethod.FACE, score=0.5, at=SOON)
    assert refused(use, check).code == "not_verified"
