"""First approvals that wait for a second one, and the phrasebook."""

from apps.review.models.first_approval import FirstApproval
from apps.review.models.phrase import Phrase

__all__ = ["FirstApproval", "Phrase"]
