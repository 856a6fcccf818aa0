"""What all desks keep: who holds a case. What was done there stands in the book of events."""

from apps.desk.models.claim import Claim

__all__ = ["Claim"]
