"""Who holds a case, and who has put it away. What was done is in the book of events."""

from apps.desk.models.claim import Claim
from apps.desk.models.postponement import Postponement

__all__ = ["Claim", "Postponement"]
