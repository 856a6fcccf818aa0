"""What makes a request one to look at twice, and what finding that out costs."""

from datetime import date, timedelta

import pytest

from apps.cards.enums import RequestAction
from apps.cards.models import CardRequest
from apps.desk.claims import services as claims
from apps.events.enums import AS_WORKER
from apps.lifecycle import engine
from apps.people.models import Holder
from apps.requests import picture_marks, reopening
from apps.requests.models import Particulars
from apps.risks import finding
from apps.risks.differences import compared
from apps.risks.rules import RISKS
from apps.verification.enums import CheckMethod, CheckOutcome, CheckStatus
from apps.verification.models import Check
from tests.factories.cards import AT, approve, make_calm
from tests.factories.checks import make_face_check
from tests.factories.inquiries import make_inquiry
from tests.factories.parcels import make_parcel
from tests.factories.people import make_holder, make_reviewer, make_ward
from tests.factories.regions import make_city
from tests.review.steps import resubmit

pytestmark = pytest.mark.django_db


def codes(card_request):
    """The risks of `card_request`, by the rules; the database has to say the same."""
    found = [risk.code for risk in finding.of(card_request)]
    one = CardRequest.objects.filter(pk=card_request.pk)
    assert [risk.code for risk in finding.for_requests(one)[card_request.pk]] == found
    for code in RISKS:
        assert finding.with_one_of(one, [code]).exists() == (code in found), code
    assert finding.without(one).exists() == (not found)
    return found


def change(model, card_request, **values):
    of = {"pk": card_request.holder_id} if model is Holder else {"card_request": card_request}
    model.objects.filter(**of).update(**values)


def of_guardian(**fields):
    guardian = make_holder(**fields)
    return make_calm(holder=make_ward(guardian), by=guardian.user)


def abroad(card_request):
    make_parcel(card_request, city=make_city("320100", "南京市", province_name="江苏省"))


def fail(card_request):
    approve(card_request, at=AT + timedelta(hours=1))
    at = AT + timedelta(hours=2)
    engine.move(card_request, RequestAction.FAIL, at=at, reason="照片", **AS_WORKER)


def ask_the_desk(card_request):
    at = AT + timedelta(hours=3)
    claims.claim(subject=card_request, by=make_reviewer(), at=at)
    make_inquiry(card_request, at=at)


def give_back(card_request):
    whom = {"card_request": card_request, "by": card_request.applicant}
    reopening.reopen(**whom, fields=["phone"], at=AT + timedelta(hours=1))
    reopening.resume(**whom, at=AT + timedelta(hours=2))


def by_code(card_request):
    Check.objects.filter(card_request=card_request).update(method=CheckMethod.CODE)


def test_an_ordinary_request_has_no_risk():
    card_request = make_calm()
    make_parcel(card_request)
    assert codes(card_request) == []


def hand_in_for_two(card_request):
    for each in (card_request, make_calm()):
        picture_marks.note(card_request=each, picture=b"one", at=AT)
        picture_marks.hand_in(card_request=each, at=AT)


# One thing that is done to an ordinary request → the risk that it makes.
TURNS = {
    "phone": (lambda r: change(Particulars, r, phone="13900000001"), "PHONE_CHANGED"),
    "name": (lambda r: change(Holder, r, name="张越"), "ROSTER_DIFFERS"),
    "number": (lambda r: change(Holder, r, id_number="11010119900307109X"), "ROSTER_DIFFERS"),
    "birth date": (lambda r: change(Holder, r, birth_date=date(1985, 6, 16)), "ROSTER_DIFFERS"),
    "address": (lambda r: change(Particulars, r, address="山东省济南市"), "ROSTER_DIFFERS"),
    "occupation": (lambda r: change(Particulars, r, occupation=""), "ROSTER_DIFFERS"),
    "no photo": (lambda r: change(Holder, r, reference_photo=""), "NO_ROSTER_PHOTO"),
    "close": (lambda r: change(Particulars, r, is_portrait_close=True), "PORTRAIT_IS_CLOSE"),
    "same picture": (hand_in_for_two, "SAME_PICTURE"),
    "left": (lambda r: change(Holder, r, left_date=date(2026, 11, 20)), "LEFT"),
    "deceased": (lambda r: change(Holder, r, deceased_date=date(2026, 11, 20)), "DECEASED"),
    "parcel": (abroad, "OUTSIDE_PROVINCE"),
    "amended": (lambda r: resubmit(r, at=AT), "PHONE_CHANGED RESUBMITTED"),
    "given back unchanged": (give_back, ""),
    "asked": (ask_the_desk, "ASKED"),
    "failed": (fail, "FAILED"),
    "by code": (by_code, "FACE_NOT_COMPARED"),
    "uncertain": (
        lambda r: Check.objects.filter(card_request=r).update(outcome=CheckOutcome.UNCERTAIN),
        "UNCERTAIN_CHECK",
    ),
}


@pytest.mark.sampled
@pytest.mark.parametrize("turn", TURNS)
def test_each_turn_makes_its_risk(turn):
    act, expected = TURNS[turn]
    card_request = make_calm()
    act(card_request)
    assert codes(card_request) == expected.split()


def test_a_face_that_was_found_different_was_not_compared_with_success():
    card_request = make_calm()
    Check.objects.all().delete()
    values = {"status": CheckStatus.PENDING, "outcome": CheckOutcome.REFUSED}
    make_face_check(card_request, **values)
    assert codes(card_request) == ["FACE_NOT_COMPARED"]


def test_a_guardian_s_request_is_one_and_its_phone_is_the_guardian_s():
    assert codes(of_guardian()) == ["GUARDIAN"]
    gone = of_guardian()
    Holder.objects.filter(user=gone.applicant).update(phone="", left_date=date(2026, 11, 20))
    assert codes(gone) == ["GUARDIAN", "LEFT"]
    other = of_guardian()
    Holder.objects.filter(user=other.applicant).update(phone="13900000002")
    assert codes(other) == ["GUARDIAN", "PHONE_CHANGED"]


def test_what_the_roster_does_not_say_is_no_difference():
    card_request = make_calm()
    silent = {"phone": "", "address": "", "occupation": "", "ethnicity": ""}
    change(Holder, card_request, **silent)
    assert codes(card_request) == []


def test_what_is_not_given_any_more_is_no_other_phone():
    card_request = make_calm()
    change(Particulars, card_request, phone="")
    assert codes(card_request) == []


def test_all_of_them_come_in_one_order():
    card_request = of_guardian()
    gone = date(2026, 11, 20)
    Holder.objects.filter(user=card_request.applicant).update(left_date=gone, deceased_date=gone)
    change(Holder, card_request, name="张越")
    change(Particulars, card_request, is_portrait_close=True)
    make_face_check(card_request)
    by_code(card_request)
    abroad(card_request)
    resubmit(card_request, at=AT)
    fail(card_request)
    ask_the_desk(card_request)
    hand_in_for_two(card_request)
    # A child is in no roster, so its photo is not missing there.
    assert codes(card_request) == [code for code in RISKS if code != "NO_ROSTER_PHOTO"]


def test_the_roster_is_compared_in_columns_that_both_have():
    names = {"name", "id_number", "sex", "birth_date", "nationality", "ethnicity", "address"}
    assert set(compared()) == names | {"phone", "occupation"}


@pytest.mark.parametrize("number", [2, 20])
def test_many_requests_cost_one_query(number, django_assert_num_queries):
    rows = [make_calm(at=AT + timedelta(hours=n)) for n in range(number)]
    with django_assert_num_queries(1):
        found = finding.for_requests(rows)
    assert set(found) == {row.pk for row in rows}
