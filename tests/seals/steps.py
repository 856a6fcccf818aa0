"""How events get sealed in a test, and how seals are forged and checked."""

from datetime import timedelta

from django.db import connection

from apps.desk import event_kinds
from apps.desk.event_kinds import FileAction
from apps.events import services as events
from apps.events.enums import Channel, Role
from apps.events.models import Event
from apps.seals import canonical, checking, checkpoints, services, tree
from apps.seals.checkpoints import Checkpoint
from apps.seals.models import Leaf, TreeHead
from tests.factories.cards import AT

HOUR = timedelta(hours=1)


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


def found():
    """What is wrong with the seals, in words."""
    return checking.verify().findings


def rewrite(numbers):
    """Give these leaves the hashes that the events have now."""
    for leaf in Leaf.objects.filter(number__in=numbers):
        values = type(leaf.event).objects.filter(pk=leaf.event_id)
        digest = canonical.digest(bytes(leaf.salt), values.values_list(*canonical.COLUMNS).get())
        Leaf.objects.filter(pk=leaf.pk).update(digest=digest)


def forge(heads):
    """Sign these heads again over what the leaves are now, as whoever holds the key can."""
    leaves = [bytes(leaf.digest) for leaf in Leaf.objects.order_by("number")]
    for head in heads:
        frontier = tree.Frontier()
        for leaf in leaves[: head.size]:
            frontier.add(leaf)
        kept = head.checkpoint
        new = Checkpoint(kept.origin, kept.number, kept.size, frontier.root, kept.sealed_at)
        key_id, signature = checkpoints.signed(new)
        TreeHead.objects.filter(pk=head.pk).update(root=new.root, signature=signature)
