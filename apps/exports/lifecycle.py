"""The life of an export."""

from apps.events.enums import Role
from apps.exports.enums import ExportAction, ExportStatus
from apps.lifecycle.tables import Clock, Lifecycle, move

EXPORT = Lifecycle(
    name="export",
    label="Export (导出)",
    noun="这个导出",
    statuses=ExportStatus,
    actions=ExportAction,
    clocks=(
        # The worker did not renew its lease, so the export waits again.
        Clock(frozenset({ExportStatus.RUNNING}), "leased_until", ExportAction.REQUEUE),
        Clock(frozenset({ExportStatus.READY}), "expires_at", ExportAction.EXPIRE),
    ),
    moves={
        # A member of the staff who is no reviewer may order the ledger of minors.
        ExportAction.ORDER: move((), ExportStatus.WAITING, Role.REVIEWER, Role.STAFF),
        # From RUNNING: another worker has taken over the lease.
        ExportAction.START: move(
            {ExportStatus.WAITING, ExportStatus.RUNNING}, ExportStatus.RUNNING, Role.WORKER
        ),
        ExportAction.REQUEUE: move(
            {ExportStatus.RUNNING}, ExportStatus.WAITING, Role.WORKER, clears={"leased_until"}
        ),
        # A worker finishes it in the name of the user who ordered it.
        ExportAction.FINISH: move(
            {ExportStatus.RUNNING},
            ExportStatus.READY,
            Role.REVIEWER,
            Role.STAFF,
            clears={"leased_until"},
        ),
        ExportAction.FAIL: move(
            {ExportStatus.WAITING, ExportStatus.RUNNING},
            ExportStatus.FAILED,
            Role.WORKER,
            clears={"leased_until"},
        ),
        # An operator, once the cause is mended; or never again, for a reason.
        ExportAction.RETRY: move({ExportStatus.FAILED}, ExportStatus.WAITING, Role.STAFF),
        ExportAction.DISMISS: move({ExportStatus.FAILED}, ExportStatus.DISMISSED, Role.STAFF),
        ExportAction.EXPIRE: move({ExportStatus.READY}, ExportStatus.EXPIRED, Role.WORKER),
    },
)
