"""The model of all desks: who holds a case. What was done is in the book of events."""

from apps.desk.models.claim import Claim

__all__ = ["Claim"]
