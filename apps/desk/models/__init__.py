"""What all desks keep: who holds a case, who looked at what, and what was done there."""

from apps.desk.models.assignment import Assignment
from apps.desk.models.desk_event import DeskEvent
from apps.desk.models.disclosure import Disclosure

__all__ = ["Assignment", "DeskEvent", "Disclosure"]
