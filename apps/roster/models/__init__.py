from apps.roster.models.invitations import Invitation
from apps.roster.models.uploads import (
    LEASE,
    OPEN,
    SAID_YES_TO,
    ColumnChoice,
    RosterRow,
    RosterUpload,
)

__all__ = [
    "LEASE",
    "OPEN",
    "SAID_YES_TO",
    "ColumnChoice",
    "Invitation",
    "RosterRow",
    "RosterUpload",
]
