"""Which events people are told about, through which channels, and in which words."""

import re
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.utils import timezone

from apps.cards.enums import RequestAction
from apps.cards.models import CardEvent
from apps.cards.particulars import AMENDABLE
from apps.common import masks
from apps.common.working_days import add_working_days
from apps.notices.enums import NoticeChannel

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
    return CardEvent.objects.filter(subject=CardEvent.Subject.REQUEST, action__in=list(WORDS))


def with_facts(events):
    """`events` with all that `text` needs, so that it asks the database for nothing more."""
    paid = CardEvent.objects.filter(request=OuterRef("request"), action=RequestAction.PAY)
    return (
        events.annotate(is_paid=Exists(paid))
        .select_related(
            "request__holder", "request__city", "request__rule", "request__applicant__holder"
        )
        .prefetch_related("request__amendments")
    )


def text(event):
    """What `event` (from `with_facts`) is told as: whole sentences, without personal data."""
    request = event.request
    day = timezone.localdate(event.at)
    context = {
        "event": event,
        "request": request,
        "whose": _whose(request),
        "items": _items(event),
        "due_date": _due_date(event),
        "reason": _harmless(event.reason).rstrip("。；"),
        "made_date": add_working_days(day, request.rule.produce_days),
    }
    return render_to_string(WORDS[RequestAction(event.action)].template, context).strip()


def _whose(request):
    """您的, or 您子女*乐的 when the applicant is the guardian."""
    if request.holder.user_id == request.applicant_id:
        return "您的"
    return f"您子女{masks.name(request.holder.name)}的"


def _amendment(event):
    for amendment in event.request.amendments.all():
        if amendment.asked_at == event.at:
            return amendment
    return None


def _items(event):
    amendment = _amendment(event)
    return [
        {"label": AMENDABLE[item["field"]].label, "reason": _harmless(item["reason"])}
        for item in (amendment.items if amendment else ())
    ]


def _due_date(event):
    amendment = _amendment(event)
    return amendment.due_date if amendment else None


def _harmless(words):
    hidden = _ID_NUMBER.sub(lambda found: masks.id_number(found.group()), words)
    return _LINK.sub("（链接已隐去）", hidden)
