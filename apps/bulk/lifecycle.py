"""The life of a bulk run."""

from apps.bulk.enums import RunAction, RunStatus
from apps.events.enums import Role
from apps.lifecycle.tables import Lifecycle, move

BULK_RUN = Lifecycle(
    name="bulk_run",
    label="BulkRun (批量审核)",
    noun="这一批",
    statuses=RunStatus,
    actions=RunAction,
    moves={
        RunAction.PREPARE: move((), RunStatus.PREPARED, Role.REVIEWER),
        RunAction.START: move({RunStatus.PREPARED}, RunStatus.RUNNING, Role.REVIEWER),
        RunAction.STOP: move({RunStatus.RUNNING}, RunStatus.STOPPED, Role.REVIEWER),
        RunAction.FINISH: move({RunStatus.RUNNING}, RunStatus.DONE, Role.WORKER),
        RunAction.RECALL: move(
            {RunStatus.STOPPED, RunStatus.DONE}, RunStatus.RECALLING, Role.REVIEWER
        ),
        RunAction.FINISH_RECALL: move({RunStatus.RECALLING}, RunStatus.RECALLED, Role.WORKER),
    },
)
