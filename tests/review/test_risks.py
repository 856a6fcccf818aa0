"""What makes a request one to look at twice, and what finding that out costs."""

from datetime import timedelta

import pytest

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.delivery import enums as delivery
from apps.delivery.models import Shipment
from apps.requests.models import Particulars
from apps.review import risks
from apps.verification.enums import CheckStatus, Method, Outcome, Purpose
from apps.verification.models import Check
from tests.factories.cards import AT, COMPLETE, make_request
from tests.factories.people import make_holder, make_ward
from tests.factories.regions import make_city

pytestmark = pytest.mark.django_db


def make_calm(**options):
    """A request without any risk: the phone is that of the roster."""
    holder = make_holder(phone=COMPLETE["phone"])
    return make_request(RequestStatus.ACCEPTED, holder=holder, **options)


def mail_to(card_request, city):
    return Shipment.objects.create(
        card_request=card_request,
        method=delivery.Method.MAIL,
        recipient="张超",
        phone="13911112222",
        province=city.province,
        city=city,
        address="文化东路 88 号",
        tier=delivery.Tier.SAME_CITY,
        postage_fen=1000,
        saved_at=AT,
        saved_by=card_request.applicant,
    )


def check_with(card_request, outcome):
    return Check.objects.create(
        holder=card_request.holder,
        by=card_request.applicant,
        purpose=Purpose.APPLY,
        card_request=card_request,
        next_url="/",
        created_at=AT,
        status=CheckStatus.PASSED,
        status_since=AT,
        expires_at=AT + timedelta(minutes=30),
        decided_at=AT,
        method=Method.FACE,
        outcome=outcome,
    )


def codes(card_request):
    return [risk.code for risk in risks.of(card_request)]


def test_an_ordinary_request_has_no_risk():
    card_request = make_calm()
    mail_to(card_request, make_city())
    check_with(card_request, Outcome.PASSED)
    assert codes(card_request) == []


def test_a_guardian_s_request_is_one_and_its_phone_is_the_guardian_s():
    guardian = make_holder(phone=COMPLETE["phone"])
    card_request = make_request(
        RequestStatus.ACCEPTED, holder=make_ward(guardian), by=guardian.user
    )
    assert codes(card_request) == [risks.GUARDIAN]


def test_an_uncertain_identity_check_is_one():
    card_request = make_calm()
    check_with(card_request, Outcome.UNCERTAIN)
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
    mail_to(card_request, make_city("320100", "南京市", province_name="江苏省"))
    assert codes(card_request) == [risks.OUTSIDE_PROVINCE]


def test_all_of_them_come_in_one_order():
    guardian = make_holder(phone="13900000001")
    card_request = make_request(
        RequestStatus.ACCEPTED, holder=make_ward(guardian), by=guardian.user
    )
    mail_to(card_request, make_city("320100", "南京市", province_name="江苏省"))
    check_with(card_request, Outcome.UNCERTAIN)
    assert codes(card_request) == list(risks.RISKS)


@pytest.mark.parametrize("number", [2, 20])
def test_many_requests_cost_three_queries(number, django_assert_num_queries):
    rows = [make_request(RequestStatus.ACCEPTED, at=AT + timedelta(hours=n)) for n in range(number)]
    with django_assert_num_queries(3):
        found = risks.for_requests(CardRequest.objects.filter(pk__in=[row.pk for row in rows]))
    assert set(found) == {row.pk for row in rows}
