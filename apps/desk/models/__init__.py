"""Who holds a case, who has put it away, and whom it was referred to. What was done is in the book
of events.
"""

from apps.desk.models.absence import Absence
from apps.desk.models.case_row import CASE_COLUMNS, naming
from apps.desk.models.claim import Claim
from apps.desk.models.postponement import Postponement
from apps.desk.models.referral import WITH_ANSWER, Referral, ReferralKind

__all__ = [
    "CASE_COLUMNS",
    "WITH_ANSWER",
    "Absence",
    "Claim",
    "Postponement",
    "Referral",
    "ReferralKind",
    "naming",
]
