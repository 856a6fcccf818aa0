"""What the desk itself keeps: who holds a case, who looked at what, and what was done there."""

from apps.review.models.assignment import Assignment
from apps.review.models.bulk import BulkRow, BulkRun
from apps.review.models.desk_event import DeskEvent
from apps.review.models.disclosure import Disclosure
from apps.review.models.export import Export
from apps.review.models.first_approval import FirstApproval
from apps.review.models.phrase import Phrase

__all__ = [
    "Assignment",
    "BulkRow",
    "BulkRun",
    "DeskEvent",
    "Disclosure",
    "Export",
    "FirstApproval",
    "Phrase",
]
