"""Who has to act on a request, by when, and what is said once that day has passed."""

from datetime import timedelta

import pytest

from apps.cards.enums import REQUEST_FINAL, RequestStatus, Stage
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.common.working_days import add_working_days
from apps.delivery.enums import Method
from apps.delivery.services import save_shipment
from apps.progress.standing import Actor, standing, standings
from apps.requests.promises import StageTime
from tests.factories import cards as steps
from tests.factories.cards import AT, make_request
from tests.factories.regions import make_city

pytestmark = pytest.mark.django_db

TODAY = day_of(AT)


@pytest.mark.parametrize("status", RequestStatus)
def test_every_status_says_who_has_to_act(status):
    request = make_request(status)
    found = standing(request, at=AT, amendment=request.amendments.first())
    assert found.title
    # The card of a collected request still has to be activated.
    has_ended = status in REQUEST_FINAL and status != RequestStatus.COLLECTED
    assert (found.actor == Actor.NOBODY) == has_ended


@pytest.mark.parametrize("later", range(12))
def test_overdue_is_what_took_longer_than_nine_of_ten(later):
    request = make_request(RequestStatus.PRODUCED)
    pace = {Stage.DISPATCH: StageTime(4, usual_days=2, most_days=4)}
    at = AT + timedelta(days=later)
    day = day_of(at)
    found = standing(request, at=at, pace=pace)
    assert found.due_date == add_working_days(TODAY, 4)
    assert found.is_overdue == (day > found.due_date)
    assert found.overdue_days == max((day - found.due_date).days, 0)


def test_without_a_measure_the_city_s_promise_decides():
    request = make_request(RequestStatus.PRODUCED, city=make_city(dispatch_days=6))
    found = standing(request, at=AT)
    assert found.due_date == add_working_days(TODAY, 6)
    assert not found.stage_time.is_measured


@pytest.mark.parametrize(
    ("method", "title"),
    [
        (None, "请填写收件信息并支付邮寄费"),
        (Method.MAIL, "请支付邮寄费"),
        (Method.PICKUP, "请确认网点自取"),
    ],
)
def test_what_is_asked_before_the_payment_depends_on_what_is_known(method, title):
    request = make_request(RequestStatus.SUBMITTED)
    if method:
        ship(request, method)
    found = CardRequest.objects.select_related("rule", "shipment").get(pk=request.pk)
    assert standing(found, at=AT).title == title


def ship(request, method):
    home = {
        "recipient": "张超",
        "phone": "13800138000",
        "city": request.city,
        "address": "文化路 1 号",
    }
    where = home if method == Method.MAIL else {"branch": "张店支行"}
    save_shipment(request=request, method=method, by=request.applicant, at=AT, **where)


def test_a_card_to_be_fetched_says_so():
    request = make_request(RequestStatus.SUBMITTED)
    ship(request, Method.PICKUP)
    for number, step in enumerate(
        (steps.pay, steps.accept, steps.approve, steps.produce, steps.dispatch), start=2
    ):
        step(request, at=AT + timedelta(minutes=number))
    assert "网点" in standing(request, at=AT).title


def test_many_standings_take_two_queries_whatever_they_are(django_assert_num_queries):
    for status in (RequestStatus.SUBMITTED, RequestStatus.NEEDS_AMENDMENT, RequestStatus.ACCEPTED):
        for _ in range(3):
            make_request(status)
    requests = list(CardRequest.objects.select_related("rule", "card", "shipment"))
    with django_assert_num_queries(2):
        found = standings(requests, at=AT)
    asked = [request for request in requests if request.status == RequestStatus.NEEDS_AMENDMENT]
    assert all(found[request.pk].due_date == TODAY + timedelta(days=7) for request in asked)
    assert len(found) == 9
