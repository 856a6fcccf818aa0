"""Places, what is open in them and since when, what they charge and promise; the days off."""

from apps.regions.models.holidays import ArrangedDay
from apps.regions.models.offers import Bank, CityBank, ServiceOpening
from apps.regions.models.places import City, County, Province, province_code_of
from apps.regions.models.rules import CityRule

__all__ = [
    "ArrangedDay",
    "Bank",
    "City",
    "CityBank",
    "CityRule",
    "County",
    "Province",
    "ServiceOpening",
    "province_code_of",
]
