"""Decisions on many cases, first approvals that wait for a second one, and the phrasebook."""

from apps.review.models.bulk import BulkRow, BulkRun
from apps.review.models.first_approval import FirstApproval
from apps.review.models.phrase import Phrase

__all__ = ["BulkRow", "BulkRun", "FirstApproval", "Phrase"]
