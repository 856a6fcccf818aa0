"""The life of a run: a dry run, then the people are reminded in the background."""

from apps.events.enums import Role
from apps.lifecycle.tables import Lifecycle, move
from apps.onboarding.enums import ReminderRunAction, ReminderRunStatus

REMINDER_RUN = Lifecycle(
    name="reminder_run",
    label="ReminderRun (成批提醒)",
    noun="这次提醒",
    statuses=ReminderRunStatus,
    actions=ReminderRunAction,
    moves={
        ReminderRunAction.PREPARE: move((), ReminderRunStatus.PREPARED, Role.REVIEWER),
        ReminderRunAction.START: move(
            {ReminderRunStatus.PREPARED}, ReminderRunStatus.RUNNING, Role.REVIEWER
        ),
        ReminderRunAction.FINISH: move(
            {ReminderRunStatus.RUNNING}, ReminderRunStatus.DONE, Role.WORKER
        ),
    },
)
