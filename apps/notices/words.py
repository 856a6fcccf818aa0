"""The text of a message: the template of its entry in the table, filled for an event."""

from collections import defaultdict

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery
from django.template.loader import render_to_string

from apps.common.typed_words import harmless
from apps.events.messages import PORTAL, say
from apps.events.models import Event
from apps.notices import channels, table, wordings
from apps.notices.messages import HANDED_OVER
from apps.people.family import name_of, read_together
from apps.people.models import Holder


def noteworthy_events():
    """The events of the kinds, actions and roles that the table names.

    The actions alone, one list, leave out most of the others at once.
    """
    actions = defaultdict(list)
    for message in table.messages():
        actions[str(message.kind), message.told_by].append(str(message.action))
    wanted = Q(pk__in=[])
    for (kind, roles), names in actions.items():
        by = Q(role__in=roles) if roles else Q()
        wanted |= by & Q(subject_kind=kind, action__in=names)
    named = {name for names in actions.values() for name in names}
    return Event.objects.filter(wanted, action__in=sorted(named))


def with_facts(pks):
    """The events `pks`, each with its `message`, `subject` and `facts_told`.

    A fixed number of queries for each kind of message among them.
    """
    same = Event.objects.filter(
        subject_kind=OuterRef("subject_kind"), subject_id=OuterRef("subject_id")
    )
    later = same.filter(pk__gt=OuterRef("pk")).order_by("pk")
    events = list(
        Event.objects.filter(pk__in=pks).annotate(next_action=Subquery(later.values("action")[:1]))
    )
    by_message = defaultdict(list)
    for event in events:
        event.message = table.of(event)
        if event.message is not None:
            by_message[event.message].append(event)
    for message, group in by_message.items():
        prepare(message, group)
    wordings.attach([event for event in events if event.message is not None])
    return events


def prepare(message, events):
    """Give each of `events` what the template of `message` needs: `subject`, `facts_told`."""
    if message.rows is not None:
        rows = message.rows().in_bulk({event.subject_id for event in events})
        for event in events:
            event.subject = rows.get(event.subject_id)
    facts = message.facts(events) if message.facts else {}
    for event in events:
        event.facts_told = facts.get(event.pk, {})


def read_families(told):
    """Read at once the children of those among `told` who hear of a child, for `text`.

    `told` are (the person of the message or None, the user who reads it).
    """
    guardians = [user for person, user in told if person and person.user_id != user.pk]
    read_together(guardians)


def why_void(event):
    """Why nobody is told of `event` (from `with_facts`) any more; "" as long as it is to be told.

    The next event of the same subject undid it, or what people were to do is done meanwhile.
    """
    if event.next_action in event.message.undone_by:
        return f"{event.label}已撤回或已办，不再通知"
    return "已经办了，不再提醒" if event.facts_told.get("is_over") else ""


def text(event, recipient, *, channel=PORTAL, holder=None, **facts):
    """The text of `event`, prepared, for the user `recipient` by `channel`, a name.

    The words are those in force at the moment of the event. `facts` replace those found.
    """
    context = _context(event, recipient, holder, facts)
    if edited := wordings.source(event, channel):
        return wordings.rendered(edited, context).strip()
    return render_to_string(event.message.template, context).strip()


def for_provider(event, recipient, *, channel, holder=None):
    """What a provider of approved templates sends in place of the text: {template, parts}, or {}.

    Only where a version of the words names the template that was approved for it.
    """
    code, names = wordings.approved(event, channel)
    if not code:
        return {}
    context = _context(event, recipient, holder, {})
    parts = {name: wordings.rendered(source, context) for name, source in names.items()}
    return {"template": code, "parts": parts}


def _context(event, recipient, holder, facts):
    """What the words of `event` may name."""
    holder = holder or Holder.objects.filter(pk=event.holder_id).first()
    return {
        "event": event,
        "subject": event.subject,
        "whose": _whose(holder, recipient),
        "reason": harmless(event.reason).rstrip("。；"),
        "operator": settings.PORTAL_OPERATOR["contact"],
        **dict(event.message.words),
        **getattr(event, "facts_told", {}),
        **facts,
    }


def to_former_guardian(holder, recipient, *, channel, at):
    """What the guardian `recipient`, whose part is over, reads in place of news of `holder`."""
    said = say(
        HANDED_OVER,
        at=at,
        name=name_of(holder, reader=recipient, place="message"),
        operator=settings.PORTAL_OPERATOR["contact"],
    )
    return said.sms_text if channel in wordings.BY_SMS else said.text


def is_to_former_guardian(notice, *, at):
    """Whether the recipient of `notice` was the guardian of somebody who acts alone at `at`.

    A message that names its readers itself (`only_to`, `also_to`) is about the guardian.
    """
    if notice.holder_id is None:
        return False
    if notice.recipient_id == notice.holder.user_id or not notice.holder.is_of_age(at):
        return False
    message = notice.event.message
    if message is None or (message.only_to is None and message.also_to is None):
        return True
    return message.only_to is None and notice.recipient_id not in message.also_to(notice.event)


def preview(event, recipient, *, subject, at, **facts):
    """(label of the channel, text) of each message that would tell `event`, which is not saved.

    `recipient` is the person's own account, or that of a guardian; at the moment `at` the guardian
    may be a former one.
    """
    message = table.of(event)
    if message is None:
        return []
    event.message, event.subject = message, subject
    event.facts_told = message.facts([event]).get(event.pk, {}) if message.facts else {}
    wordings.attach([event])
    is_former = subject.holder.is_of_age(at) and subject.holder.user_id != recipient.pk
    told = []
    for name in message.channels:
        said = (
            to_former_guardian(subject.holder, recipient, channel=name, at=at)
            if is_former
            else text(event, recipient, channel=name, holder=subject.holder, **facts)
        )
        told.append((channels.get(name).label, channels.get(name).sign + said))
    return told


def _whose(holder, recipient):
    """您的, or 您子女*乐的 when the recipient is a guardian."""
    if holder is None or holder.user_id == recipient.pk:
        return "您的"
    return f"您子女{name_of(holder, reader=recipient, place='message')}的"
