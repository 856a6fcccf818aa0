"""Which measure counts for a request: that of its bank, that of its city, or what was promised."""

import pytest

from apps.cards.enums import RequestStatus, Stage
from apps.cards.models import CardRequest
from apps.requests import promises
from apps.requests.models import StageDuration
from tests.factories.cards import AT, make_request
from tests.factories.regions import make_bank, make_city

pytestmark = pytest.mark.django_db


def measured(city, bank, *, median, p90, stage=Stage.PRODUCE, sample=20):
    return StageDuration.objects.create(
        city=city,
        bank=bank,
        stage=stage,
        median_days=median,
        p90_days=p90,
        sample=sample,
        computed_at=AT,
    )


def stage_time(card_request, stage=Stage.PRODUCE):
    return promises.stage_times([card_request])[card_request.pk][stage]


def test_without_enough_requests_the_promise_of_the_city_counts():
    card_request = make_request(RequestStatus.SUBMITTED, city=make_city(produce_days=8))
    measured(card_request.city, card_request.bank, median=4, p90=6, sample=19)
    assert stage_time(card_request) == promises.StageTime(8)
    assert stage_time(card_request).expected_days == 8


def test_enough_requests_of_the_city_count_before_its_promise():
    card_request = make_request(RequestStatus.SUBMITTED, city=make_city(produce_days=8))
    measured(card_request.city, None, median=4, p90=6)
    assert stage_time(card_request) == promises.StageTime(6, usual_days=4, most_days=6)


def test_enough_requests_of_the_bank_count_before_those_of_the_city():
    card_request = make_request(RequestStatus.SUBMITTED)
    measured(card_request.city, None, median=4, p90=6)
    measured(card_request.city, make_bank("95588", "中国工商银行"), median=1, p90=1)
    measured(card_request.city, card_request.bank, median=5, p90=9)
    assert stage_time(card_request) == promises.StageTime(9, usual_days=5, most_days=9)


def test_a_slow_or_quick_review_does_not_change_its_promise(settings):
    settings.REVIEW_WORKING_DAYS = 3
    card_request = make_request(RequestStatus.SUBMITTED)
    measured(card_request.city, None, median=4, p90=6, stage=Stage.REVIEW)
    assert stage_time(card_request, Stage.REVIEW) == promises.StageTime(
        3, usual_days=4, most_days=6
    )


def test_what_is_usually_done_on_the_same_day_is_not_late_on_the_next_free_day():
    card_request = make_request(RequestStatus.SUBMITTED)
    measured(card_request.city, None, median=0, p90=0)
    assert stage_time(card_request).limit_days == 1


def test_the_paces_of_many_requests_take_one_query(django_assert_num_queries):
    made = [make_request(RequestStatus.SUBMITTED) for _ in range(4)]
    measured(made[0].city, None, median=4, p90=6)
    requests = list(CardRequest.objects.select_related("rule"))
    with django_assert_num_queries(1):
        found = promises.stage_times(requests)
    assert len(found) == 4


def test_the_usual_total_is_told_of_cities_with_all_stages_measured():
    assert promises.usual_totals() == {"least": None, "most": None}
    jinan, zibo = make_city(), make_city("370300", "淄博市")
    for stage in Stage:
        measured(jinan, None, median=2, p90=3, stage=stage)
        measured(jinan, make_bank(), median=9, p90=9, stage=stage)
    measured(zibo, None, median=1, p90=1)
    assert promises.usual_totals() == {"least": 8, "most": 8}
    for stage in set(Stage) - {Stage.PRODUCE}:
        measured(zibo, None, median=1, p90=1, stage=stage)
    assert promises.usual_totals() == {"least": 4, "most": 8}


def test_what_a_query_carries_along_says_the_same_and_costs_nothing(django_assert_num_queries):
    first = make_request(RequestStatus.SUBMITTED)
    second = make_request(RequestStatus.SUBMITTED, city=make_city(code="370200", name="青岛市"))
    measured(first.city, None, median=4, p90=6)
    measured(first.city, first.bank, median=5, p90=9, sample=19)
    measured(first.city, first.bank, median=2, p90=3, stage=Stage.DELIVER)
    asked = promises.stage_times(CardRequest.objects.select_related("rule"))
    carried = list(
        CardRequest.objects.select_related("rule").annotate(measured_here=promises.measured_here())
    )
    with django_assert_num_queries(0):
        assert promises.stage_times(carried) == asked
    assert asked[first.pk] != asked[second.pk]
