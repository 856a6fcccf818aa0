"""Places, what is open in them and since when, and what they charge and promise."""

from apps.regions.models.offers import Bank, CityBank, ServiceOpening
from apps.regions.models.places import City, County, Province, province_code_of
from apps.regions.models.rules import CityRule

__all__ = [
    "Bank",
    "City",
    "CityBank",
    "CityRule",
    "County",
    "Province",
    "ServiceOpening",
    "province_code_of",
]
