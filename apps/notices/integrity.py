"""Of messages: whoever has to be told of an event was told, and nothing waits to be sent."""

from django.db.models import Exists, OuterRef, Subquery

from apps.cards.lifecycle import RECALLABLE, RECALLS, REQUEST
from apps.common.integrity import PATIENCE, About, Invariant
from apps.events.models import Event
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
    """Those whose time came long ago. One that waits for the morning has its time before it."""
    return Notice.objects.due(at).filter(next_try_at__lte=at - PATIENCE)


def _told_although_recalled(at):
    """Somebody was told of a decision that the very next event of its request took back."""
    following = Event.objects.of_kind(REQUEST).filter(
        subject_id=OuterRef("event__subject_id"), pk__gt=OuterRef("event")
    )
    decisions = Notice.objects.sent().filter(
        event__subject_kind=REQUEST.name, event__action__in=RECALLABLE.values()
    )
    then = Subquery(following.order_by("pk").values("action")[:1])
    return decisions.annotate(then=then).filter(then__in=RECALLS)


INVARIANTS = [
    Invariant("撤回了的审核决定，没有人收到过通知", _told_although_recalled),
    Invariant("该通知的事都通知了", _untold, About.WORK),
    Invariant("该发出的消息都按时发过", _waiting, About.WORK),
]
