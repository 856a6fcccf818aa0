"""What the desk itself keeps: who holds a case, who looked at what, and what was done there."""

from apps.review.models.assignment import Assignment
from apps.review.models.desk_event import DeskEvent
from apps.review.models.disclosure import Disclosure
from apps.review.models.export import Export

__all__ = ["Assignment", "DeskEvent", "Disclosure", "Export"]
