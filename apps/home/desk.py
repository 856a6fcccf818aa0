"""What the first page shows to somebody who has signed in."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch
from django.urls import reverse

from apps.cards import timeline
from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.models import Amendment, Card, CardRequest
from apps.people.models import Holder

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


def persons(user, *, on):
    """The user as a holder first, then the children, the eldest first."""
    holders = Holder.objects.visible_to(user, on=on).order_by("birth_date", "pk")
    return sorted(holders, key=lambda holder: holder.user_id != user.pk)


def card_of(holder, user, *, on):
    """The card that counts: the one in hand, else the lost one; None when there is none."""
    cards = (
        Card.objects.visible_to(user, on=on)
        .filter(holder=holder)
        .exclude(status=CardStatus.RETIRED)
        .select_related("city", "bank", "holder")
        .order_by("-status_since")
    )
    return min(cards, key=lambda card: card.status == CardStatus.LOST, default=None)


def errands(user, *, on):
    """All that is under way for the user and the children: (waiting for the user, for others)."""
    requests = (
        CardRequest.objects.visible_to(user, on=on)
        .in_flight()
        .select_related("holder", "city", "bank")
        .prefetch_related(
            Prefetch(
                "amendments",
                queryset=Amendment.objects.filter(answered_at=None),
                to_attr="open_amendments",
            )
        )
        .order_by("status_since")
    )
    mine: list[Errand] = []
    others: list[Errand] = []
    for request in requests:
        amendment = next(iter(request.open_amendments), None)
        standing = timeline.standing(request, on=on, amendment=amendment)
        errand = Errand(
            holder=request.holder,
            title=standing.title,
            text=f"{request.city.name} · {request.bank.name}",
            due_date=standing.due_date,
            is_overdue=standing.is_overdue(on),
            go=_GO.get(RequestStatus(request.status), "看进度"),
            url=_url(request),
        )
        (mine if standing.actor == timeline.Actor.APPLICANT else others).append(errand)
    mine += [_activation(card) for card in _sealed(user, on=on)]
    return mine, others


def _sealed(user, *, on):
    """The cards that are in the holder's hand and not activated yet."""
    return (
        Card.objects.visible_to(user, on=on)
        .filter(status=CardStatus.SEALED, request__status=RequestStatus.COLLECTED)
        .select_related("holder", "city", "bank")
    )


def _activation(card):
    return Errand(
        holder=card.holder,
        title="社保卡已领取，还没有启用",
        text=f"{card.city.name} · {card.bank.name}",
        due_date=None,
        is_overdue=False,
        go="去启用",
        url=reverse("activation:guide"),
    )


def _url(request):
    page = _PAGES.get(RequestStatus(request.status))
    if page is None:
        return request.get_absolute_url()
    return reverse(page, args=[request.reference])
