"""What makes a request one to look at twice, and what finding that out costs."""

from datetime import timedelta

import pytest

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.desk.claims import services as claims
from apps.requests import reopening
from apps.requests.models import Particulars
from apps.review import risks
from apps.verification.enums import CheckOutcome
from tests.factories.cards import AT, COMPLETE, make_request
from tests.factories.checks import make_face_check
from tests.factories.inquiries import make_inquiry
from tests.factories.parcels import make_parcel
from tests.factories.people import make_holder, make_reviewer, make_ward
from tests.factories.regions import make_city

pytestmark = pytest.mark.django_db


def make_calm(**options):
    """A request without any risk: the phone is that of the roster."""
    holder = make_holder(phone=COMPLETE["phone"])
    return make_request(RequestStatus.ACCEPTED, holder=holder, **options)


def codes(card_request):
    return [risk.code for risk in risks.of(card_request)]


def test_an_ordinary_request_has_no_risk():
    card_request = make_calm()
    make_parcel(card_request)
    make_face_check(card_request, outcome=CheckOutcome.PASSED)
    assert codes(card_request) == []


def test_a_guardian_s_request_is_one_and_its_phone_is_the_guardian_s():
    guardian = make_holder(phone=COMPLETE["phone"])
    card_request = make_request(
        RequestStatus.ACCEPTED, holder=make_ward(guardian), by=guardian.user
    )
    assert codes(card_request) == [risks.GUARDIAN]


def test_an_uncertain_identity_check_is_one():
    card_request = make_calm()
    make_face_check(card_request, outcome=CheckOutcome.UNCERTAIN)
    assert codes(card_request) == [risks.UNCERTAIN_CHECK]


def test_a_phone_other_than_the_roster_s_is_one():
    card_request = make_request(RequestStatus.ACCEPTED, holder=make_holder(phone="13900000001"))
    assert codes(card_request) == [risks.PHONE_CHANGED]


def test_a_roster_without_a_phone_says_nothing():
    assert codes(make_request(RequestStatus.ACCEPTED, holder=make_holder(phone=""))) == []


def test_forgotten_particulars_have_no_phone_to_compare():
    card_request = make_request(RequestStatus.ACCEPTED, holder=make_holder(phone="13900000001"))
    Particulars.objects.filter(card_request=card_request).update(phone="")
    assert codes(card_request) == []


def test_a_parcel_out_of_the_issuing_province_is_one():
    card_request = make_calm()
    make_parcel(card_request, city=make_city("320100", "南京市", province_name="江苏省"))
    assert codes(card_request) == [risks.OUTSIDE_PROVINCE]


def test_all_of_them_come_in_one_order():
    guardian = make_holder(phone="13900000001")
    card_request = make_request(
        RequestStatus.ACCEPTED, holder=make_ward(guardian), by=guardian.user
    )
    make_parcel(card_request, city=make_city("320100", "南京市", province_name="江苏省"))
    make_face_check(card_request, outcome=CheckOutcome.UNCERTAIN)
    whom = {"card_request": card_request, "by": guardian.user}
    reopening.reopen(**whom, fields=["phone"], at=AT + timedelta(hours=1))
    reopening.resume(**whom, at=AT + timedelta(hours=2))
    claims.claim(subject=card_request, by=make_reviewer(), at=AT + timedelta(hours=3))
    make_inquiry(card_request, at=AT + timedelta(hours=3))
    assert codes(card_request) == list(risks.RISKS)


@pytest.mark.parametrize("number", [2, 20])
def test_many_requests_cost_five_queries(number, django_assert_num_queries):
    rows = [make_request(RequestStatus.ACCEPTED, at=AT + timedelta(hours=n)) for n in range(number)]
    with django_assert_num_queries(5):
        found = risks.for_requests(CardRequest.objects.filter(pk__in=[row.pk for row in rows]))
    assert set(found) == {row.pk for row in rows}
