"""Of reminders: a finished run left nobody, and a started one is worked off."""

from django.db.models import Exists, OuterRef

from apps.common.integrity import PATIENCE, About, Invariant
from apps.onboarding.enums import ReminderRunStatus
from apps.onboarding.models import ReminderRow, ReminderRun


def _done_with_rows_left(at):
    left = ReminderRow.objects.waiting().filter(run=OuterRef("pk"))
    return ReminderRun.objects.filter(Exists(left), status=ReminderRunStatus.DONE)


def _left_alone(at):
    return ReminderRun.objects.under_way().filter(status_since__lte=at - PATIENCE)


INVARIANTS = [
    Invariant("发完的成批提醒没有剩下的人", _done_with_rows_left),
    Invariant("开始的成批提醒都在发或发完", _left_alone, About.WORK),
]
