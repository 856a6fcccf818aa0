"""Accounts, the people who hold cards, who may act for whom, and the rosters they come from."""

from apps.people.models.accounts import User
from apps.people.models.consents import Consent
from apps.people.models.people import (
    Guardianship,
    GuardianshipProof,
    Holder,
    birthday,
    proof_path,
    years_before,
)
from apps.people.models.roster import Invitation, RosterRow, RosterUpload

__all__ = [
    "Consent",
    "Guardianship",
    "GuardianshipProof",
    "Holder",
    "Invitation",
    "RosterRow",
    "RosterUpload",
    "User",
    "birthday",
    "proof_path",
    "years_before",
]
