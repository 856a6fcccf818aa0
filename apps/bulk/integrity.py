"""Of bulk runs: a finished one left no row, and what a row calls decided was decided."""

from django.db.models import Exists, OuterRef

from apps.bulk.enums import BulkOutcome, RunStatus
from apps.bulk.models import BulkRow, BulkRun
from apps.cards.lifecycle import REQUEST
from apps.common.integrity import PATIENCE, About, Invariant
from apps.events.models import Event


def _over_with_rows_left(at):
    over = BulkRun.objects.filter(status__in=[RunStatus.DONE, RunStatus.RECALLED])
    left = BulkRow.objects.filter(run=OuterRef("pk"), outcome=BulkOutcome.WAITING)
    return over.filter(Exists(left))


def _decided_without_an_event(at):
    decided = BulkRow.objects.filter(outcome=BulkOutcome.DONE)
    events = Event.objects.of_kind(REQUEST).filter(
        subject_id=OuterRef("card_request"), action=OuterRef("run__action")
    )
    return decided.filter(~Exists(events))


def _left_alone(at):
    return BulkRun.objects.under_way().filter(status_since__lte=at - PATIENCE)


INVARIANTS = [
    Invariant("办完的批量审核没有剩下的申请", _over_with_rows_left),
    Invariant("批量办理的申请都有那次决定的记录", _decided_without_an_event),
    Invariant("开始的批量审核都在办或办完", _left_alone, About.WORK),
]
