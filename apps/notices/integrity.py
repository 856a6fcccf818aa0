"""Of messages: whoever has to be told of an event was told, and nothing waits to be sent."""

from django.db.models import Exists, OuterRef

from apps.common.integrity import PATIENCE, About, Invariant
from apps.notices import table, words
from apps.notices.models import Notice
from apps.people.audience import accounts_of

CHUNK = 500


def _untold(at):
    """Events without a message, though they concerned somebody who could be told at that moment."""
    told = Notice.objects.filter(event=OuterRef("pk"))
    events = words.noteworthy_events().filter(~Exists(told), at__lte=at - PATIENCE).order_by("pk")
    last = 0
    while pks := list(events.filter(pk__gt=last).values_list("pk", flat=True)[:CHUNK]):
        last = pks[-1]
        for event in words.with_facts(pks):
            people = accounts_of({event.holder_id}, at=event.at)
            if event.message and table.recipients(event, people):
                yield event


def _waiting(at):
    return Notice.objects.due(at - PATIENCE)


INVARIANTS = [
    Invariant("该通知的事都通知了", _untold, About.WORK),
    Invariant("该发出的消息都按时发过", _waiting, About.WORK),
]
