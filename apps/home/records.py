"""办理记录: everything that was ever done for a user and the children, and to register these.

They are read from the events, newest first, with a cursor: every page costs the same, and new
events do not move rows from one page to the next.
"""

from dataclasses import dataclass
from datetime import datetime

from apps.cards.lifecycle import CARD, REQUEST
from apps.cards.models import CardRequest
from apps.common.addresses import page_url, row_url
from apps.encryption import public_keys
from apps.events.enums import Role
from apps.events.models import Event
from apps.payments import money_back
from apps.people.lifecycle import GUARDIANSHIP
from apps.people.models import Guardianship, Holder
from apps.replacement.enums import FormalLossAction
from apps.replacement.lifecycle import FORMAL_LOSS
from apps.replacement.models import FormalLoss

PER_PAGE = 20
_OF_LOSSES = (FormalLossAction.DECLARE, FormalLossAction.TAKE_BACK, FormalLossAction.REFUSE)


@dataclass(frozen=True)
class Record:
    """One event as the reader sees it, about `holder` by the `name` that the reader knows.

    `noted_at` is when an expiry was written down. Records with the same `group` are of one matter:
    one request with its money, one card, one formal loss, one registration.
    """

    holder: Holder
    name: str
    title: str
    at: datetime
    noted_at: datetime | None
    who: str
    reason: str
    url: str
    group: tuple[str, int]
    matter: str


@dataclass(frozen=True)
class RecordGroup:
    """The records of one matter, the newest first."""

    matter: str
    holder: Holder
    name: str
    records: list[Record]


def grouped(records):
    """`records` as `RecordGroup`s, each where its newest record stands."""
    groups: dict[tuple, RecordGroup] = {}
    for record in records:
        new = RecordGroup(record.matter, record.holder, record.name, [])
        groups.setdefault(record.group, new).records.append(record)
    return list(groups.values())


def page(holders, user, *, before=""):
    """Up to `PER_PAGE` records of `holders`, and what to pass as `before` for those that follow.

    The returned `before` is empty at the end. An invalid `before` means the first page.
    """
    persons = {holder.pk: holder for holder in holders}
    told = Event.objects.of_kind(CARD, REQUEST) | money_back.told_events() | _of_losses()
    events = told.filter(holder_id__in=persons) | _of_registrations(holders, user)
    last = public_keys.in_data({"before": before}, "before", Event)
    if last is not None:
        events = events.filter(pk__lt=last)
    found = events.order_by("-pk")[: PER_PAGE + 1].with_subjects(
        CardRequest.objects.all(),
        FormalLoss.objects.select_related("card"),
        Guardianship.objects.select_related("ward"),
        *money_back.subjects(),
    )
    shown = found[:PER_PAGE]
    following = public_keys.of(shown[-1]) if len(found) > PER_PAGE else ""
    return [_record(event, persons.get(event.holder_id), user) for event in shown], following


def _of_losses():
    """What became of the declarations. What a decision does to the card, the card tells."""
    return Event.objects.of_kind(FORMAL_LOSS).filter(action__in=_OF_LOSSES)


def _of_registrations(holders, user):
    """The registrations of children that `user` made: all, where the user is among `holders`."""
    own = Guardianship.objects.visible_to(user)
    if not any(holder.user_id == user.pk for holder in holders):
        own = own.filter(ward__in=holders)
    keys = list(own.values_list("pk", flat=True))
    return Event.objects.of_kind(GUARDIANSHIP).filter(subject_id__in=keys)


def _record(event, holder, user):
    is_card = event.subject_kind == CARD.name
    # A suspension is over at its end, also if a worker wrote that down later.
    is_expiry = is_card and CARD.is_by_clock(event.action)
    title, reason, url = _words(event)
    group, matter = _group(event)
    is_registration = event.subject_kind == GUARDIANSHIP.name
    holder = event.subject.ward if is_registration else holder
    return Record(
        holder=holder,
        name=event.subject.ward_name if is_registration else holder.name,
        title=title,
        at=event.due_at if is_expiry else event.at,
        noted_at=event.at if is_expiry else None,
        who=_who(event, holder, user),
        reason=reason,
        url=url,
        group=group,
        matter=matter,
    )


def _group(event):
    """(what makes the records of one matter one group, the name of the matter)."""
    card_request = money_back.request_of(event)
    if event.subject_kind == REQUEST.name:
        card_request = event.subject
    if card_request is not None:
        return (REQUEST.name, card_request.pk), card_request.matter
    return (event.subject_kind, event.subject_id), _GROUPS[event.subject_kind]


_GROUPS = {CARD.name: "社保卡", FORMAL_LOSS.name: "正式挂失", GUARDIANSHIP.name: "子女登记"}


def _words(event):
    """(title, the sentence below it, the page about it)."""
    money = money_back.record_of(event)
    if money is not None:
        return money.title, money.text, money.url
    if event.subject_kind == CARD.name:
        return f"社保卡{event.label}", event.reason, ""
    name, url = _OF_KIND[event.subject_kind](event.subject)
    return f"{name}：{event.label}", event.reason, url


# Kind of event → (the matter, the page about it) of its subject.
_OF_KIND = {
    REQUEST.name: lambda row: (row.matter, row.get_absolute_url()),
    FORMAL_LOSS.name: lambda row: (
        "正式挂失",
        row_url("replacement:loss", row.card.reference),
    ),
    GUARDIANSHIP.name: lambda row: ("我的子女", page_url("children:list")),
}


def _who(event, holder, user):
    if event.by_id == user.pk:
        return "您办理"
    return {
        Role.HOLDER: "持卡人办理",
        Role.GUARDIAN: "监护人办理" if holder.user_id == user.pk else "另一位监护人办理",
        Role.REVIEWER: "人事处办理",
        Role.STAFF: "人事处办理",
        Role.WORKER: "系统办理",
        Role.GATEWAY: "支付平台通知",
    }[Role(event.role)]
