"""The life of an uploaded roster.

It is read in the background, and applied when somebody confirms its preview, or discarded. If its
headings are in other words than ours, somebody first says which column is which.
"""

from apps.events.enums import Role
from apps.lifecycle.tables import Lifecycle, move
from apps.roster.enums import RosterAction, RosterStatus

ROSTER = Lifecycle(
    name="roster",
    label="RosterUpload (人事名册)",
    noun="这份名册",
    statuses=RosterStatus,
    actions=RosterAction,
    moves={
        RosterAction.UPLOAD: move((), RosterStatus.UPLOADED, Role.STAFF),
        RosterAction.ASK: move({RosterStatus.UPLOADED}, RosterStatus.UNMATCHED, Role.WORKER),
        RosterAction.MATCH: move({RosterStatus.UNMATCHED}, RosterStatus.UPLOADED, Role.STAFF),
        RosterAction.REMATCH: move({RosterStatus.READ}, RosterStatus.UNMATCHED, Role.STAFF),
        RosterAction.READ: move({RosterStatus.UPLOADED}, RosterStatus.READ, Role.WORKER),
        RosterAction.FAIL: move({RosterStatus.UPLOADED}, RosterStatus.UNREADABLE, Role.WORKER),
        RosterAction.APPLY: move({RosterStatus.READ}, RosterStatus.APPLYING, Role.STAFF),
        RosterAction.FINISH: move({RosterStatus.APPLYING}, RosterStatus.APPLIED, Role.WORKER),
        RosterAction.DISCARD: move(
            {
                RosterStatus.UPLOADED,
                RosterStatus.UNMATCHED,
                RosterStatus.READ,
                RosterStatus.UNREADABLE,
            },
            RosterStatus.DISCARDED,
            Role.STAFF,
            Role.WORKER,
        ),
    },
)
