"""What the first page shows to somebody who has signed in."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse

from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.models import Card, CardRequest
from apps.common.id_numbers import age
from apps.common.moments import day_of
from apps.delivery.models import shipment_of
from apps.people.models import Guardianship, Holder
from apps.requests import standing

# What the link of an errand says; what it leads to is found in `_url`.
_GO = {
    RequestStatus.DRAFT: "继续填写",
    RequestStatus.SUBMITTED: "去填写",
    RequestStatus.NEEDS_AMENDMENT: "去修改",
    RequestStatus.DISPATCHED: "确认领卡",
}
_PAGES = {
    RequestStatus.DRAFT: "application:form",
    RequestStatus.SUBMITTED: "application:shipping",
    RequestStatus.NEEDS_AMENDMENT: "application:amend",
}

# How long a refused claim of a child is shown among what waits for the user.
REFUSAL_SHOWN = timedelta(days=30)


@dataclass(frozen=True)
class Errand:
    """One line of 待我办理 or 正在办理: what it is, for whom, until when, and where it leads."""

    holder: Holder
    title: str
    text: str
    due_date: date | None
    is_overdue: bool
    go: str
    url: str


def persons(user, *, at):
    """The user as a holder first, then the children, the eldest first."""
    holders = Holder.objects.visible_to(user, at=at).order_by("birth_date", "pk")
    return sorted(holders, key=lambda holder: holder.user_id != user.pk)


def ending(persons, *, user, at):
    """The children whose 16th birthday, which ends the guardianship, is near."""
    until = day_of(at) + settings.GUARDIAN_END_NOTICE
    return [
        person for person in persons if person.user_id != user.pk and person.own_from_date <= until
    ]


def card_of(holder, user, *, at):
    """The card that counts: the one in hand, else the lost one; None when there is none."""
    cards = (
        Card.objects.visible_to(user, at=at)
        .filter(holder=holder)
        .exclude(status=CardStatus.RETIRED)
        .select_related("city", "bank", "holder")
        .order_by("-status_since")
    )
    return min(cards, key=lambda card: card.status == CardStatus.LOST, default=None)


def errands(user, persons, *, at):
    """All that is under way for the user and the children: (waiting for the user, for others).

    `persons` are those of the user. A request of a child who has turned 16 waits for the child.
    """
    requests = list(
        CardRequest.objects.visible_to(user, at=at)
        .in_flight()
        .select_related("holder", "city", "bank", "rule", "card", "shipment")
        .order_by("status_since")
    )
    shipments = {request.pk: shipment_of(request) for request in requests}
    standings = standing.standings(requests, shipments=shipments, at=at)
    mine: list[Errand] = []
    others: list[Errand] = []
    running = set()
    for request in requests:
        may_act = request.holder in persons
        running.add(request.holder_id)
        now = standings[request.pk]
        errand = Errand(
            holder=request.holder,
            title=now.title,
            text=f"{request.city.name} · {request.bank.name}",
            due_date=now.due_date,
            is_overdue=now.is_overdue(at),
            go=_GO.get(RequestStatus(request.status), "看进度") if may_act else "看进度",
            url=_url(request) if may_act else request.get_absolute_url(),
        )
        is_mine = may_act and now.actor == standing.Actor.APPLICANT
        (mine if is_mine else others).append(errand)
    for card in _cards(user, at=at):
        match card.status_at(at):
            case CardStatus.SEALED if _is_in_hand(card):
                url = reverse("activation:start", args=[card.reference])
                mine.append(_of_card(card, "社保卡已领取，还没有启用", "去启用", url))
            case CardStatus.SUSPENDED:
                url = reverse("loss_report:detail", args=[card.reference])
                others.append(_of_card(card, "社保卡正在临时挂失", "查看或解除", url))
            case CardStatus.LOST if card.holder_id not in running and _may_replace(card, at=at):
                url = reverse("replacement:guide")
                mine.append(_of_card(card, "社保卡已正式挂失，可以申请补换", "去补换", url))
    mine += [_refused_claim(claim) for claim in _refused_claims(user, at=at)]
    return mine, others


def _cards(user, *, at):
    return (
        Card.objects.visible_to(user, at=at)
        .exclude(status__in=[CardStatus.ACTIVE, CardStatus.RETIRED])
        .select_related("holder", "city", "bank", "request")
        .order_by("status_since")
    )


def _is_in_hand(card):
    request = getattr(card, "request", None)
    return request is not None and request.status == RequestStatus.COLLECTED


def _may_replace(card, *, at):
    return age(card.holder.birth_date, day=day_of(at)) >= settings.REPLACEMENT_FROM_AGE


def _of_card(card, title, go, url):
    text = f"{card.city.name} · {card.bank.name}"
    return Errand(card.holder, title, text, due_date=None, is_overdue=False, go=go, url=url)


def _refused_claims(user, *, at):
    """The refused claims of children that were not claimed anew since."""
    again = Guardianship.objects.not_refused().filter(
        guardian=OuterRef("guardian"), ward=OuterRef("ward")
    )
    return (
        Guardianship.objects.visible_to(user)
        .refused()
        .filter(~Exists(again), status_since__gt=at - REFUSAL_SHOWN)
        .select_related("ward")
        .order_by("status_since")
    )


def _refused_claim(claim):
    return Errand(
        holder=claim.ward,
        title="子女登记没有通过",
        text="请看原因，补正后重新登记",
        due_date=None,
        is_overdue=False,
        go="看原因",
        url=reverse("children:list"),
    )


def _url(request):
    page = _PAGES.get(RequestStatus(request.status))
    if page is None:
        return request.get_absolute_url()
    return reverse(page, args=[request.reference])
