"""单位统一领取: the unit collects the cards of a city and hands them out."""

from datetime import timedelta

import pytest

from apps.cards.enums import RequestAction, RequestStatus
from apps.common.deadlines import Deadline
from apps.common.moments import day_of
from apps.delivery import policies, services
from apps.delivery.enums import DeliveryMethod, Tier
from apps.delivery.forms import ShipmentForm
from apps.lifecycle.refusals import NotAllowed
from apps.requests import services as requests
from apps.requests import sweeps
from apps.waiting.standing import standing
from tests.factories.cards import AT, make_request
from tests.factories.payments import UNIT, go_on_addressed, make_shipment
from tests.factories.regions import change_rule, let_the_unit_collect

pytestmark = pytest.mark.django_db
ONE_DAY = timedelta(days=1)


@pytest.fixture
def offered():
    return let_the_unit_collect()


def to_unit(status):
    return go_on_addressed(make_request(RequestStatus.SUBMITTED), status, **UNIT)


def choices(card_request, *, at=AT):
    form = ShipmentForm(card_request=card_request, at=at)
    return [value for value, _ in form["method"].field.choices]


@pytest.mark.usefixtures("offered")
def test_it_is_offered_where_the_unit_collects():
    assert DeliveryMethod.UNIT in choices(make_request(RequestStatus.SUBMITTED))


def test_it_is_offered_nowhere_else():
    card_request = make_request(RequestStatus.SUBMITTED)
    assert choices(card_request) == [DeliveryMethod.MAIL, DeliveryMethod.PICKUP]
    with pytest.raises(policies.NotOffered):
        make_shipment(card_request, **UNIT)


def test_what_was_submitted_before_the_first_day_does_not_get_it():
    card_request = make_request(RequestStatus.SUBMITTED)
    let_the_unit_collect(card_request.city, day=day_of(AT) + ONE_DAY)
    assert DeliveryMethod.UNIT not in choices(card_request, at=AT + 2 * ONE_DAY)
    later = make_request(RequestStatus.SUBMITTED, at=AT + 2 * ONE_DAY)
    assert DeliveryMethod.UNIT in choices(later, at=AT + 2 * ONE_DAY)


def test_what_was_submitted_while_it_was_offered_keeps_it(offered):
    card_request = make_request(RequestStatus.SUBMITTED)
    make_shipment(card_request, **UNIT)
    change_rule(offered, day=day_of(AT) + ONE_DAY, is_collected_by_unit=False)
    after = AT + 2 * ONE_DAY
    assert DeliveryMethod.UNIT in choices(card_request, at=after)
    assert DeliveryMethod.UNIT in choices(make_request(RequestStatus.SUBMITTED), at=after)
    later = make_request(RequestStatus.SUBMITTED, at=after)
    assert DeliveryMethod.UNIT not in choices(later, at=after)


@pytest.mark.usefixtures("offered")
def test_it_costs_nothing_and_asks_for_no_address():
    card_request = make_request(RequestStatus.SUBMITTED)
    form = ShipmentForm({"method": "UNIT"}, card_request=card_request, at=AT)
    assert form.is_valid(), form.errors
    shipment = services.save_shipment(
        card_request=card_request, **form.where(), by=card_request.applicant, at=AT
    )
    assert (shipment.tier, shipment.postage_fen, shipment.recipient) == (Tier.UNIT, 0, "")
    card_request.refresh_from_db()
    assert card_request.is_collected_by_unit


@pytest.mark.usefixtures("offered")
def test_another_way_before_the_payment_is_no_longer_the_units():
    card_request = make_request(RequestStatus.SUBMITTED)
    make_shipment(card_request, **UNIT)
    make_shipment(card_request)
    card_request.refresh_from_db()
    assert not card_request.is_collected_by_unit


@pytest.mark.usefixtures("offered")
def test_after_acceptance_it_does_not_become_a_branch():
    card_request = to_unit(RequestStatus.ACCEPTED)
    with pytest.raises(services.PostageDiffers):
        make_shipment(card_request, method=DeliveryMethod.PICKUP, branch="历下支行")


@pytest.mark.usefixtures("offered")
def test_nobody_confirms_it_and_no_time_collects_it():
    card_request = to_unit(RequestStatus.DISPATCHED)
    with pytest.raises(NotAllowed):
        requests.collect(card_request=card_request, by=card_request.applicant, at=AT)
    later = AT + timedelta(days=100)
    assert sweeps.collect_overdue(at=later, deadline=Deadline(5)).done == 0
    assert not card_request.events.filter(action=RequestAction.COLLECT).exists()


@pytest.mark.usefixtures("offered")
def test_on_its_way_the_page_says_that_nothing_is_to_be_done():
    card_request = to_unit(RequestStatus.DISPATCHED)
    now = standing(card_request, shipment=card_request.shipment, at=card_request.status_since)
    assert (now.title, now.waits_for_applicant) == ("卡已发往单位，您不用做什么。", False)
    assert now.by_itself == ""
