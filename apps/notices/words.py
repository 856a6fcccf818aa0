"""Which events people are told about, through which channels, and in which words."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef, Subquery
from django.template.loader import render_to_string

from apps.cards.enums import RequestAction
from apps.cards.lifecycle import REQUEST
from apps.cards.models import CardRequest
from apps.common import masks
from apps.common.moments import day_of
from apps.common.working_days import add_working_days
from apps.events.models import Event
from apps.notices.enums import NoticeChannel
from apps.requests.particulars import AMENDABLE

SIGN = "【社保卡自助办理】"  # what every SMS begins with, as operators demand

PORTAL_ONLY = (NoticeChannel.PORTAL,)
PORTAL_AND_SMS = (NoticeChannel.PORTAL, NoticeChannel.SMS)


@dataclass(frozen=True)
class Words:
    template: str
    channels: tuple


# What somebody did themselves a moment ago needs no message; what happens without them does.
WORDS = {
    RequestAction.ACCEPT: Words("notices/messages/accept.txt", PORTAL_AND_SMS),
    RequestAction.REQUEST_AMENDMENT: Words("notices/messages/amendment.txt", PORTAL_AND_SMS),
    RequestAction.APPROVE: Words("notices/messages/approve.txt", PORTAL_ONLY),
    RequestAction.REJECT: Words("notices/messages/reject.txt", PORTAL_AND_SMS),
    RequestAction.LAPSE: Words("notices/messages/lapse.txt", PORTAL_AND_SMS),
    RequestAction.FAIL: Words("notices/messages/fail.txt", PORTAL_ONLY),
    RequestAction.PRODUCE: Words("notices/messages/produce.txt", PORTAL_AND_SMS),
    RequestAction.DISPATCH: Words("notices/messages/dispatch.txt", PORTAL_AND_SMS),
}

# Reasons are typed by people: neither an ID number nor a link may leave with one.
_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_LINK = re.compile(r"(?:https?://|www\.)[^\s，。；、）]+", re.IGNORECASE)


def noteworthy_events():
    """Events of requests that people are told about."""
    return Event.objects.of_kind(REQUEST).filter(action__in=list(WORDS))


def due_at(event, *, at):
    """When `event` may be told, found at the moment `at`: an approval once it can't be recalled."""
    if event.action == RequestAction.APPROVE:
        return max(at, event.at + settings.APPROVAL_UNDO_WINDOW)
    return at


def is_undone(event):
    """Whether `event` (from `with_facts`) is an approval that was recalled: nobody hears of it."""
    return event.action == RequestAction.APPROVE and event.next_action == RequestAction.RECALL


def with_facts(pks):
    """The events `pks` with all that the questions above and `text` need, in three queries."""
    same = Event.objects.filter(
        subject_kind=OuterRef("subject_kind"), subject_id=OuterRef("subject_id")
    )
    later = same.filter(pk__gt=OuterRef("pk")).order_by("pk")
    requests = CardRequest.objects.select_related(
        "holder", "city", "rule", "applicant__holder"
    ).prefetch_related("amendments")
    return (
        Event.objects.filter(pk__in=pks)
        .annotate(
            is_paid=Exists(same.filter(action=RequestAction.PAY)),
            next_action=Subquery(later.values("action")[:1]),
        )
        .with_subjects(requests)
    )


def text(event):
    """What `event` (from `with_facts`) is told as: whole sentences, without personal data."""
    amendment = _amendment(event)
    return worded(
        event,
        items=amendment.items if amendment else (),
        due_date=amendment.due_date if amendment else None,
        is_paid=event.is_paid,
    )


def foretold(event, *, items=(), due_date=None):
    """(channel, text) of each message that `event`, not saved yet, would be told by.

    `items` and `due_date` are those of the amendment that it would ask for. One query.
    """
    is_paid = event.subject.events.filter(action=RequestAction.PAY).exists()
    told = worded(event, items=items, due_date=due_date, is_paid=is_paid)
    return [
        (channel, SIGN + told if channel == NoticeChannel.SMS else told)
        for channel in WORDS[RequestAction(event.action)].channels
    ]


def worded(event, *, items, due_date, is_paid):
    """The sentences of `event`; of an amendment with its `items` and `due_date`."""
    request = event.subject
    context = {
        "request": request,
        "is_paid": is_paid,
        "whose": _whose(request),
        "items": [
            {"label": AMENDABLE[item["field"]].label, "reason": _harmless(item["reason"])}
            for item in items
        ],
        "due_date": due_date,
        "reason": _harmless(event.reason).rstrip("。；"),
        "made_date": add_working_days(day_of(event.at), request.rule.produce_days),
    }
    return render_to_string(WORDS[RequestAction(event.action)].template, context).strip()


def _whose(request):
    """您的, or 您子女*乐的 when the applicant is the guardian."""
    if request.holder.user_id == request.applicant_id:
        return "您的"
    return f"您子女{masks.name(request.holder.name)}的"


def _amendment(event):
    for amendment in event.subject.amendments.all():
        if amendment.asked_at == event.at:
            return amendment
    return None


def _harmless(words):
    hidden = _ID_NUMBER.sub(lambda found: masks.id_number(found.group()), words)
    return _LINK.sub("（链接已隐去）", hidden)
