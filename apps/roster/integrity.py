"""Of rosters: an applied one left no row, and what was uploaded or confirmed is worked off."""

from django.db.models import Exists, OuterRef

from apps.common.integrity import PATIENCE, About, Invariant
from apps.roster.enums import RosterStatus, RowKind
from apps.roster.models import RosterRow, RosterUpload

_WITH_EFFECT = [kind for kind in RowKind if kind.takes_effect]


def _applied_with_rows_left(at):
    left = RosterRow.objects.filter(upload=OuterRef("pk"), kind__in=_WITH_EFFECT, done_at=None)
    return RosterUpload.objects.filter(Exists(left), status=RosterStatus.APPLIED)


def _left_alone(at):
    running = RosterUpload.objects.unread() | RosterUpload.objects.in_progress()
    return running.filter(status_since__lte=at - PATIENCE)


INVARIANTS = [
    Invariant("生效了的人事名册没有剩下的行", _applied_with_rows_left),
    Invariant("上传和确认过的人事名册都在读、在生效或办完", _left_alone, About.WORK),
]
