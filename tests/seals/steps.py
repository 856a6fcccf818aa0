"""How events get sealed in a test."""

from django.db import connection

from apps.desk import event_kinds
from apps.desk.event_kinds import FileAction
from apps.events import services as events
from apps.events.enums import Channel, Role
from apps.events.models import Event
from apps.seals import services
from apps.seals.models import TreeHead
from tests.factories.cards import AT


def add(number=1, *, at=AT, **columns):
    """So many new events."""
    row = {
        "subject_kind": event_kinds.EXPORT_FILE.name,
        "action": FileAction.FETCH,
        "at": at,
        "role": Role.WORKER,
        "channel": Channel.WORKER,
        "facts": {"rows": 3, "what": "一份"},
    }
    return Event.objects.bulk_create(Event(**row | columns) for _ in range(number))


def record(at=AT):
    return events.record(
        kind=event_kinds.EXPORT_FILE,
        action=FileAction.FETCH,
        by=None,
        role=Role.WORKER,
        at=at,
        channel=Channel.WORKER,
    )


def seal(at=AT):
    """Seal what is new; the newest head."""
    services.seal(at=at)
    return TreeHead.objects.order_by("-number").first()


def sql(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
