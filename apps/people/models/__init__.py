"""Accounts, the people who hold cards, and who may act for whom."""

from apps.people.models.accounts import User
from apps.people.models.birthdays import birthday, years_before
from apps.people.models.consents import Consent, ConsentText
from apps.people.models.guardianships import Guardianship, GuardianshipProof, proof_path
from apps.people.models.people import BACK, NO_CONTACT, Holder, seen_by, ways_of_seeing
from apps.people.models.unsent_forms import UnsentForm

__all__ = [
    "BACK",
    "NO_CONTACT",
    "Consent",
    "ConsentText",
    "Guardianship",
    "GuardianshipProof",
    "Holder",
    "UnsentForm",
    "User",
    "birthday",
    "proof_path",
    "seen_by",
    "ways_of_seeing",
    "years_before",
]
