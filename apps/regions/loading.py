"""Loads the fixtures of this app. Master data is overwritten; what people decided stays."""

import json
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from apps.regions.models import (
    Bank,
    City,
    CityBank,
    CityRule,
    County,
    Province,
    ServiceOpening,
)

# A day before the portal: the files do not say since when a first rule or bank is valid.
ALWAYS = date(2020, 1, 1)


@dataclass(frozen=True)
class Loaded:
    """How many rows of each kind the files held; rules, openings, city banks: how many are new."""

    provinces: int
    cities: int
    counties: int
    banks: int
    rules: int
    openings: int
    city_banks: int


@transaction.atomic
def load(*, folder):
    """Load the five files of `folder` (a Path) and return `Loaded`. Deletes nothing.

    The rule, the services and the banks of a city are loaded only if it has none of that kind;
    later they are changed at the desk. Raises OSError, ValueError or KeyError if a file is missing
    or invalid; then nothing is changed.
    """
    provinces = [Province(code=row["code"], name=row["name"]) for row in _rows(folder, "provinces")]
    banks = [
        Bank(
            code=row["code"],
            name=row["name"],
            has_nationwide_branches=row["has_nationwide_branches"],
        )
        for row in _rows(folder, "banks")
    ]
    offers = {row["city"]: row for row in _rows(folder, "offers")}
    cities = [_city(row) for row in _rows(folder, "cities")]
    counties = [
        County(code=row["code"], name=row["name"], city_id=row["city"])
        for row in _rows(folder, "counties")
    ]
    _upsert(Province, provinces, ["name"])
    _upsert(Bank, banks, ["name", "has_nationwide_branches"])
    _upsert(City, cities, ["name", "province", "is_municipality", "seat_code"])
    _upsert(County, counties, ["name", "city"])
    return Loaded(
        provinces=len(provinces),
        cities=len(cities),
        counties=len(counties),
        banks=len(banks),
        rules=_load_rules(cities, offers),
        openings=_load_openings(offers.values()),
        city_banks=_load_city_banks(offers.values()),
    )


def _rows(folder, name):
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def _city(row):
    return City(
        code=row["code"],
        name=row["name"],
        province_id=row["province"],
        is_municipality=row.get("is_municipality", False),
        seat_code=row.get("seat_code", ""),
    )


def _upsert(model, rows, update_fields):
    model.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=update_fields
    )


def _load_rules(cities, offers):
    settled = set(CityRule.objects.values_list("city_id", flat=True))
    rules = []
    for city in cities:
        if city.code not in settled:
            offer = offers.get(city.code, {})
            terms = {name: offer[name] for name in CityRule.TERMS if name in offer}
            rules.append(CityRule(city_id=city.code, valid_from=ALWAYS, **terms))
    return len(CityRule.objects.bulk_create(rules))


def _load_openings(offers):
    settled = set(ServiceOpening.objects.values_list("city_id", flat=True))
    openings = [
        ServiceOpening(
            city_id=offer["city"], service=service, open_from=date.fromisoformat(open_from)
        )
        for offer in offers
        if offer["city"] not in settled
        for service, open_from in offer["services"].items()
    ]
    return len(ServiceOpening.objects.bulk_create(openings))


def _load_city_banks(offers):
    settled = set(CityBank.objects.values_list("city_id", flat=True))
    city_banks = [
        CityBank(city_id=offer["city"], bank_id=bank, open_from=ALWAYS)
        for offer in offers
        if offer["city"] not in settled
        for bank in offer["banks"]
    ]
    return len(CityBank.objects.bulk_create(city_banks))
