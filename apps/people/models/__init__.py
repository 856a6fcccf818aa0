"""Accounts, the people who hold cards, and who may act for whom."""

from apps.people.models.accounts import User
from apps.people.models.birthdays import birthday, years_before
from apps.people.models.consents import Consent
from apps.people.models.people import (
    Guardianship,
    GuardianshipProof,
    Holder,
    proof_path,
)
from apps.people.models.unsent_forms import UnsentForm

__all__ = [
    "Consent",
    "Guardianship",
    "GuardianshipProof",
    "Holder",
    "UnsentForm",
    "User",
    "birthday",
    "proof_path",
    "years_before",
]
