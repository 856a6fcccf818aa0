"""Changing what a city charges, promises and offers, from a day on."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.common.refusals import Refused
from apps.regions import services
from apps.regions.enums import Service
from apps.regions.models import Bank, City, CityBank, CityRule, ServiceOpening
from tests.contests import at_once
from tests.factories.people import make_user
from tests.factories.regions import RULES_FROM, make_bank, make_city, make_city_bank

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
NEW_YEAR = date(2027, 1, 1)


@pytest.fixture
def city():
    return make_city()


@pytest.fixture
def author():
    return make_user(is_staff=True)


@pytest.fixture
def add(city, author):
    def add(valid_from, **changes):
        return services.add_rule(
            city=city, valid_from=valid_from, changes=changes, note="调价通知", by=author, at=AT
        )

    return add


@pytest.fixture
def open_apply(city, author):
    def open_apply(open_from, open_until=None, *, service=Service.APPLY):
        return services.open_service(
            city=city,
            service=service,
            open_from=open_from,
            open_until=open_until,
            by=author,
            at=AT,
        )

    return open_apply


@pytest.fixture
def close_apply(city, author):
    def close_apply(open_until):
        return services.close_service(
            city=city, service=Service.APPLY, open_until=open_until, by=author, at=AT
        )

    return close_apply


def code_of(verb, *args, **options):
    with pytest.raises(Refused) as refusal:
        verb(*args, **options)
    return refusal.value.code


# --- Fees and days


def test_a_new_version_holds_from_its_day_on_and_the_old_one_until_then(city, add, author):
    rule = add(NEW_YEAR, postage_same_city_fen=1100, produce_days=7)

    assert city.rule_on(NEW_YEAR) == rule
    old = city.rule_on(NEW_YEAR - timedelta(days=1))
    assert (old.postage_same_city_fen, old.produce_days) == (1000, 10)
    assert rule.terms == old.terms | {"postage_same_city_fen": 1100, "produce_days": 7}
    assert (rule.note, rule.created_by, rule.created_at) == ("调价通知", author, AT)


def test_a_version_between_two_leaves_the_later_one_as_it_is(city, add):
    later = add(NEW_YEAR, produce_days=7)
    add(TOMORROW, produce_days=8)

    days = [city.rule_on(day).produce_days for day in (TODAY, TOMORROW, NEW_YEAR)]
    assert days == [10, 8, 7]
    assert city.rule_on(NEW_YEAR) == later


def test_the_versions_of_many_cities_are_found_in_one_query(city, add, django_assert_num_queries):
    add(TODAY, produce_days=7)
    zibo = make_city("370300", "淄博市")
    with django_assert_num_queries(1):
        found = {rule.city_id: rule.produce_days for rule in CityRule.objects.in_force(TODAY)}
    assert found == {city.pk: 7, zibo.pk: 10}


def test_a_version_cannot_begin_in_the_past(add):
    assert code_of(add, YESTERDAY, produce_days=7) == "past"


def test_two_versions_cannot_begin_on_one_day(add):
    add(NEW_YEAR, produce_days=7)
    assert code_of(add, NEW_YEAR, produce_days=8) == "taken"


def test_a_version_that_changes_nothing_is_refused(city, add):
    assert code_of(add, NEW_YEAR, produce_days=10) == "no_change"
    assert city.rules.count() == 1


def test_only_what_has_not_begun_is_withdrawn(city, add, author):
    future, present = add(TOMORROW, produce_days=7), add(TODAY, produce_days=8)
    services.withdraw_rule(rule=future, by=author, at=AT)

    assert city.rule_on(NEW_YEAR) == present
    assert code_of(services.withdraw_rule, rule=present, by=author, at=AT) == "in_force"


@pytest.mark.parametrize("terms", [{"loss_report_days": 0}, {"valid_from": RULES_FROM}])
def test_the_database_refuses_an_impossible_version(city, terms):
    with pytest.raises(IntegrityError), transaction.atomic():
        CityRule.objects.create(**({"city": city, "valid_from": NEW_YEAR} | terms))


# --- Services and banks


def test_a_service_that_was_closed_can_be_opened_again(city, open_apply, close_apply):
    close_apply(TODAY)
    open_apply(NEW_YEAR)

    offered = [
        City.objects.offering(Service.APPLY, day).exists() for day in (TODAY, TOMORROW, NEW_YEAR)
    ]
    assert offered == [True, False, True]
    assert city.openings.filter(service=Service.APPLY).count() == 2


@pytest.mark.parametrize(
    ("open_from", "open_until"), [(TOMORROW, None), (TODAY, TODAY), (NEW_YEAR, NEW_YEAR)]
)
def test_periods_of_a_service_never_overlap(open_apply, open_from, open_until):
    assert code_of(open_apply, open_from, open_until) == "overlap"


@pytest.mark.parametrize(
    ("open_from", "open_until", "code"),
    [(YESTERDAY, None, "past"), (NEW_YEAR, TOMORROW, "order")],
)
def test_a_period_begins_today_or_later_and_ends_after_that(
    open_apply, close_apply, open_from, open_until, code
):
    close_apply(TODAY)
    assert code_of(open_apply, open_from, open_until) == code


def test_a_service_is_not_closed_in_the_past_nor_twice_nor_when_it_is_closed(close_apply):
    assert code_of(close_apply, YESTERDAY) == "past"
    close_apply(TODAY)
    assert code_of(close_apply, TODAY) == "no_change"
    assert code_of(close_apply, TOMORROW) == "not_open"


def test_an_opening_is_withdrawn_only_before_it_begins(city, open_apply, close_apply, author):
    close_apply(TODAY)
    services.withdraw_opening(period=open_apply(NEW_YEAR), by=author, at=AT)

    running = city.openings.get(service=Service.APPLY)
    refused = code_of(services.withdraw_opening, period=running, by=author, at=AT)
    assert refused == "begun"


def test_a_bank_is_opened_and_closed_as_a_service_is(city, author):
    bank, icbc = make_bank(), make_bank("95588", "中国工商银行")
    by = {"by": author, "at": AT}
    services.close_bank(city=city, bank=bank, open_until=TODAY, **by)
    services.open_bank(city=city, bank=icbc, open_from=TOMORROW, open_until=None, **by)

    assert [list(Bank.objects.offered_in(city, day)) for day in (TODAY, TOMORROW)] == [
        [bank],
        [icbc],
    ]
    again = {"city": city, "bank": icbc, "open_from": NEW_YEAR, "open_until": None}
    assert code_of(services.open_bank, **again, **by) == "overlap"


def test_the_database_keeps_one_running_period_per_bank(city):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_city_bank(city, make_bank(), open_from=NEW_YEAR)


# --- The mark of what is laid down


def test_the_mark_changes_with_every_change_to_one_of_its_cities_only(
    city, add, open_apply, close_apply
):
    zibo = make_city("370300", "淄博市")
    of_zibo = services.basis(cities=[zibo])
    seen = {services.basis(cities=[city])}
    for change in (
        lambda: add(NEW_YEAR, produce_days=7),
        lambda: close_apply(TODAY),
        lambda: open_apply(NEW_YEAR),
        lambda: CityBank.objects.filter(city=city).update(open_until=NEW_YEAR),
    ):
        change()
        seen.add(services.basis(cities=[city]))
    assert len(seen) == 5
    assert services.basis(cities=[zibo]) == of_zibo


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_a_service_for_the_same_days_one_succeeds(author):
    city = make_city(services=[])

    def open_it(day):
        services.open_service(
            city=city,
            service=Service.REPLACE,
            open_from=day,
            open_until=NEW_YEAR,
            by=author,
            at=AT,
        )

    refusals = at_once(lambda: open_it(TODAY), lambda: open_it(TOMORROW))
    assert [refusal.code for refusal in refusals] == ["overlap"]
    assert ServiceOpening.objects.count() == 1
