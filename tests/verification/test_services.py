from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image

from apps.cards.enums import RequestStatus
from apps.cards.permissions import NotYours
from apps.verification import providers, services
from apps.verification.enums import Likeness, Method, Outcome, Purpose
from apps.verification.faces import Comparison
from apps.verification.models import Check, FaceTry, OneTimeCode
from apps.verification.refusals import CheckRefused
from tests.factories.cards import AT, make_draft, make_request
from tests.factories.people import PASSWORD, make_holder, make_ward
from tests.verification.conftest import code_in
from tests.verification.samples import COUSIN, OTHER, PERSON, encoded, person, selfie

pytestmark = pytest.mark.django_db
SOON = AT + timedelta(minutes=2)


class Scripted:
    """A provider that answers as it was told, and says whether a transaction was open."""

    needs_reference = True
    answer = Comparison(Likeness.SIMILAR, 0.2)
    was_in_transaction = None

    def is_available(self):
        return True

    def compare(self, *, holder, picture, reference):
        type(self).was_in_transaction = transaction.get_connection().in_atomic_block
        return self.answer


@pytest.fixture
def scripted(settings):
    settings.FACE_PROVIDER = "tests.verification.test_services.Scripted"
    Scripted.answer = Comparison(Likeness.SIMILAR, 0.2)
    return Scripted


def show_face(check, *, picture=None, at=SOON):
    services.submit_face(
        check=check, picture=picture or Image.new("RGB", (9, 9)), by=check.by, at=at
    )


def send(check, *, at=AT):
    return services.send_code(check=check, by=check.by, at=at)


def type_in(check, code, *, password=PASSWORD, at=SOON):
    services.submit_code(check=check, code=code, password=password, by=check.by, at=at)


def use(check, *, at=SOON, **options):
    values = {
        "holder": check.holder,
        "purpose": check.purpose,
        "request": check.request,
        "by": check.by,
        "at": at,
    }
    return services.use(**values | options)


def refused(call, *args, **options):
    with pytest.raises(CheckRefused) as caught:
        call(*args, **options)
    return caught.value


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


# --- Beginning -----------------------------------------------------------------------------------


def test_a_check_lives_for_half_an_hour(check):
    assert check.is_pending(AT + timedelta(minutes=29, seconds=59))
    assert not check.is_pending(AT + timedelta(minutes=30))
    assert check.outcome == Outcome.PENDING


def test_nobody_begins_a_check_for_a_stranger(begin):
    with pytest.raises(NotYours):
        begin(holder=make_holder())


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "apply/", "/\\evil"])
def test_a_check_leads_nowhere_but_into_the_portal(begin, url):
    with pytest.raises(ValueError, match="next_url"):
        begin(next_url=url)


def test_a_check_is_visible_to_nobody_but_who_began_it(check):
    assert check in Check.objects.visible_to(check.by)
    assert check not in Check.objects.visible_to(make_holder().user)


# --- Face ----------------------------------------------------------------------------------------


@pytest.mark.faces
def test_the_person_on_file_passes(check):
    show_face(check, picture=selfie(PERSON))
    assert (check.outcome, check.method) == (Outcome.PASSED, Method.FACE)
    assert check.score < 0.45
    assert use(check).is_used


@pytest.mark.faces
def test_another_person_is_refused_and_may_try_again(check):
    assert refused(show_face, check, picture=selfie(OTHER)).code == "different"
    assert check.outcome == Outcome.REFUSED
    assert refused(use, check).code == "not_verified"
    show_face(check, picture=selfie(PERSON))
    assert check.outcome == Outcome.PASSED


@pytest.mark.faces
def test_an_uncertain_face_passes_with_its_score_for_the_reviewer(check):
    show_face(check, picture=selfie(COUSIN))
    assert check.outcome == Outcome.UNCERTAIN
    assert 0.45 <= check.score <= 0.6
    assert use(check)


@pytest.mark.faces
def test_a_picture_without_a_face_is_refused(check):
    assert refused(show_face, check, picture=Image.new("RGB", (640, 640))).code == "no_face"


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
    assert "短信验证码" in services.face_hindrance(check=check)
    assert refused(show_face, check).code == "not_available"


def test_without_the_wheels_the_face_is_not_available(check, settings):
    settings.FACES_ENABLED = False
    assert "不可用" in services.face_hindrance(check=check)
    assert refused(show_face, check).code == "not_available"
    assert check.outcome == Outcome.PENDING


def test_a_picture_that_is_gone_is_no_server_error(check, scripted):
    photo = check.holder.reference_photo
    photo.storage.delete(photo.name)
    assert refused(show_face, check).code == "no_reference"


@pytest.mark.faces
def test_an_approved_portrait_serves_where_there_is_no_roster_photo(begin):
    someone = make_holder()
    request = make_request(RequestStatus.PRODUCED, holder=someone)
    request.particulars.portrait.save("p.jpg", ContentFile(encoded(person(PERSON))))
    check = begin(holder=someone, by=someone.user, request=request)
    show_face(check, picture=selfie(PERSON))
    assert check.outcome == Outcome.PASSED


def test_a_portrait_that_nobody_reviewed_proves_nothing(begin, scripted):
    someone = make_holder()
    draft = make_draft(holder=someone)
    draft.particulars.portrait.save("p.jpg", ContentFile(encoded(person(PERSON))))
    check = begin(holder=someone, by=someone.user, request=draft)
    assert services.face_hindrance(check=check)


def test_a_guardian_shows_the_own_face_never_the_child_s(begin, holder, scripted):
    child = make_ward(holder)
    check = begin(holder=child)
    assert services.face_hindrance(check=check) is None
    show_face(check)
    assert use(check).holder == child


def test_a_service_of_one_s_own_needs_no_picture_on_file(begin, scripted, monkeypatch):
    monkeypatch.setattr(scripted, "needs_reference", False)
    nobody = make_holder()
    check = begin(holder=nobody, by=nobody.user)
    show_face(check)
    assert check.outcome == Outcome.PASSED


# --- Code ----------------------------------------------------------------------------------------


def test_the_code_goes_to_the_registered_phone(check, phones):
    send(check)
    ((phone, text),) = phones
    assert phone == check.by.holder.phone
    assert "5 分钟" in text
    assert "社会保障卡申领" in text


def test_code_and_password_pass(check, phones):
    send(check)
    type_in(check, code_in(phones[0][1]))
    assert (check.outcome, check.method) == (Outcome.PASSED, Method.CODE)
    assert use(check)


def test_the_code_is_nowhere_at_rest(check, phones):
    send(check)
    code = code_in(phones[0][1])
    assert code not in str(list(OneTimeCode.objects.values("digest", "of_check", "tries")))
    assert len(OneTimeCode.objects.get().digest) == 64


def test_a_code_is_worth_nothing_for_another_check(begin, phones):
    first, second = begin(), begin(purpose=Purpose.ACTIVATE)
    send(first)
    send(second, at=AT + timedelta(minutes=1))
    assert refused(type_in, second, code_in(phones[0][1])).code == "wrong"
    stolen = OneTimeCode.objects.get(of_check=first).digest
    OneTimeCode.objects.filter(of_check=second).update(digest=stolen)
    assert refused(type_in, second, code_in(phones[0][1])).code == "wrong"


def test_wrong_code_and_wrong_password_get_the_same_answer(begin, phones):
    first, second = begin(), begin()
    send(first)
    send(second, at=AT + timedelta(minutes=1))
    by_code = refused(type_in, first, wrong(code_in(phones[0][1])))
    by_password = refused(type_in, second, code_in(phones[1][1]), password="another")
    assert by_code.message == by_password.message
    assert "还可以再试 4 次" in by_code.message


def test_a_code_has_five_tries(check, phones):
    send(check)
    code = code_in(phones[0][1])
    for _ in range(5):
        assert refused(type_in, check, wrong(code)).code == "wrong"
    assert refused(type_in, check, code).code == "used_up"
    assert check.outcome == Outcome.PENDING


def test_the_fifth_try_still_counts_when_it_is_right(check, phones):
    send(check)
    code = code_in(phones[0][1])
    for _ in range(4):
        refused(type_in, check, wrong(code))
    type_in(check, code)
    assert check.outcome == Outcome.PASSED


def test_a_code_lives_for_five_minutes(check, phones):
    send(check)
    late = AT + timedelta(minutes=5)
    assert refused(type_in, check, code_in(phones[0][1]), at=late).code == "expired"
    type_in(check, code_in(phones[0][1]), at=late - timedelta(seconds=1))


def test_a_new_code_voids_the_one_before(check, phones):
    send(check)
    send(check, at=AT + timedelta(minutes=1))
    old, new = (code_in(text) for _, text in phones)
    if old != new:
        assert refused(type_in, check, old).code == "wrong"
    type_in(check, new)


def test_one_code_a_minute_whatever_the_check(begin, phones):
    first, second = begin(), begin()
    send(first)
    refusal = refused(send, second, at=AT + timedelta(seconds=59))
    assert refusal.code == "too_soon"
    assert "1 秒" in refusal.message
    send(second, at=AT + timedelta(seconds=60))
    assert len(phones) == 2


def test_codes_are_limited_by_the_hour(begin, phones, settings):
    settings.CODES_PER_HOUR = 3
    for minute in range(3):
        send(begin(), at=AT + timedelta(minutes=minute))
    assert refused(send, begin(), at=AT + timedelta(minutes=5)).code == "too_many_codes"


def test_without_a_code_there_is_nothing_to_type_in(check, phones):
    assert refused(type_in, check, "123456").code == "no_code"


def test_a_message_that_did_not_leave_may_be_asked_for_again_at_once(check, dead_line, settings):
    assert refused(send, check).code == "not_sent"
    assert services.seconds_until_next_code(by=check.by, at=AT) == 0


def test_without_a_registered_phone_there_is_no_code(begin):
    nobody = make_holder(phone="")
    check = begin(holder=nobody, by=nobody.user)
    assert refused(send, check).code == "no_phone"


# --- Use -----------------------------------------------------------------------------------------


@pytest.fixture
def passed(check, scripted):
    show_face(check)
    return check


def test_a_check_is_used_once(passed):
    use(passed)
    assert refused(use, passed).code == "not_verified"


def test_a_check_that_was_used_meanwhile_is_not_used_again(passed, monkeypatch):
    queryset = Check.objects.none().__class__
    ordered = queryset.order_by

    def order_by_after_a_rival(self, *fields):
        rows = list(ordered(self, *fields))
        Check.objects.filter(pk=passed.pk).update(status="USED")
        return rows

    monkeypatch.setattr(queryset, "order_by", order_by_after_a_rival)
    assert refused(use, passed).code == "not_verified"


def test_a_check_that_expired_is_not_used(passed):
    assert refused(use, passed, at=AT + timedelta(minutes=30)).code == "not_verified"


def test_a_check_for_one_matter_is_worth_nothing_in_another(passed):
    assert refused(use, passed, purpose=Purpose.LOSS_REPORT).code == "not_verified"


def test_a_check_for_one_request_is_worth_nothing_for_another(passed):
    request = make_draft(holder=passed.holder)
    assert refused(use, passed, request=request).code == "not_verified"


def test_a_check_for_one_person_is_worth_nothing_for_another(passed):
    child = make_ward(passed.holder)
    assert refused(use, passed, holder=child).code == "not_verified"
    assert refused(use, passed, by=make_holder().user).code == "not_verified"


def test_a_check_that_was_used_or_has_expired_takes_no_more_tries(begin, scripted, phones):
    expired = begin()
    late = AT + timedelta(minutes=30)
    assert refused(show_face, expired, at=late).code == "not_open"
    assert refused(send, expired, at=late).code == "not_open"
    assert refused(type_in, expired, "123456", at=late).code == "not_open"
    used = begin()
    show_face(used)
    use(used)
    used.refresh_from_db()
    assert refused(show_face, used).code == "not_open"


def test_a_later_refusal_does_not_undo_a_passed_check(passed, scripted):
    scripted.answer = Comparison(Likeness.DIFFERENT, 0.9)
    refused(show_face, passed)
    passed.refresh_from_db()
    assert passed.outcome == Outcome.PASSED


def test_another_person_s_check_takes_no_tries(check, scripted):
    with pytest.raises(CheckRefused) as caught:
        services.send_code(check=check, by=make_holder().user, at=AT)
    assert caught.value.code == "not_yours"


def test_the_provider_is_the_one_that_the_settings_name(scripted):
    assert isinstance(providers.get(), Scripted)
