"""What the first page shows to somebody who has signed in."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from apps.application.offers import DISCARD, RELATED
from apps.cards import errands as card_errands
from apps.cards.enums import CARD_IN_HAND
from apps.cards.models import Card, CardRequest
from apps.cards.permissions import role_of_visible
from apps.common.moments import day_of
from apps.common.templatetags.formats import day
from apps.delivery.models import shipment_of
from apps.lifecycle.offers import Offer
from apps.payments import money_back
from apps.people.models import Guardianship, Holder
from apps.progress.offers import offers_to
from apps.requests.promises import decision_date
from apps.requests.standing import REVIEWED, standings

# How long money that went back, or was looked after, is shown.
MONEY_SHOWN = timedelta(days=7)
# How long a refused registration of a child is shown among what waits for the user.
REFUSAL_SHOWN = timedelta(days=30)


@dataclass(frozen=True)
class Errand:
    """One line of 待我办理 or 正在办理: what it is, for whom, until when, and where it leads.

    `name` is that of the person where it is not the one of `holder`. `by_when` says the day by
    which somebody acts; once it is over, it is the `overdue_date`. `discard` is the
    offer to give up a draft.
    """

    holder: Holder
    title: str
    text: str
    go: str
    url: str
    name: str = ""
    by_when: str = ""
    overdue_date: date | None = None
    discard: Offer | None = None


def persons(user, *, at):
    """The user as a holder first, then the children, the eldest first."""
    holders = Holder.objects.visible_to(user, at=at).order_by("birth_date", "pk")
    return sorted(holders, key=lambda holder: holder.user_id != user.pk)


def young(user):
    """The person behind the account `user`, who sees nobody, not even that person; else None.

    Until the 16th birthday the guardians act.
    """
    return Holder.objects.filter(user=user).first() if user.is_authenticated else None


def ending(persons, *, user, at):
    """The children whose 16th birthday, which ends the guardianship, is near."""
    until = day_of(at) + settings.GUARDIAN_END_NOTICE
    return [
        person for person in persons if person.user_id != user.pk and person.own_from_date <= until
    ]


def handed_over(user, *, at):
    """The guardianships that ended with a 16th birthday, while the guardian has to know of it.

    That is for some time after it, and as long as something runs for a person without an account.
    """
    ended = Guardianship.objects.visible_to(user).handed_over(at=at)
    is_recent = Q(ends_at__gt=at - settings.GUARDIAN_END_NOTICE)
    running = CardRequest.objects.in_flight().filter(holder=OuterRef("ward"))
    is_waiting = Q(ward__user=None) & Exists(running)
    return list(
        ended.filter(is_recent | is_waiting).select_related("ward").order_by("-ends_at", "pk")
    )


def cards(user, *, at):
    """All cards of the user and the children that are not retired, the latest change last."""
    return list(
        Card.objects.visible_to(user, at=at)
        .not_retired()
        .select_related("holder", "city", "bank", "card_request")
        .order_by("status_since")
    )


def card_of(holder, cards):
    """The card of `holder` among `cards`: the one in hand, else the lost one, else None."""
    own = [card for card in cards if card.holder_id == holder.pk]
    return max(own, key=lambda card: card.status in CARD_IN_HAND, default=None)


def errands(user, cards, *, at):
    """All that is under way for the user and the children: (waiting for the user, for others).

    `cards` are those of the user and the children.
    """
    mine: list[Errand] = []
    others: list[Errand] = []
    running = set()
    for card_request, standing, offers in _requests(user, at=at):
        running.add(card_request.holder_id)
        errand = _of_request(card_request, standing, offers)
        (mine if standing.waits_for_applicant else others).append(errand)
    for errand in card_errands.of_cards(cards, by=user, at=at):
        if errand.stands_beside_request or errand.card.holder_id not in running:
            (mine if errand.waits_for_user else others).append(_of_card(errand, at=at))
    for guardianship in _registrations(user, at=at):
        if guardianship.is_waiting:
            others.append(_waiting_registration(guardianship, at=at))
        else:
            mine.append(_refused_registration(guardianship))
    return mine, others


def money(user, *, at):
    """Money of the user and the children that goes back, or that matches no order."""
    return [
        Errand(line.holder, line.title, line.text, "看订单", line.url)
        for line in money_back.recent(user, since=at - MONEY_SHOWN, at=at)
    ]


def _requests(user, *, at):
    """Each request in flight, who has to act on it, and what the user may do with it."""
    requests = list(
        CardRequest.objects.visible_to(user, at=at)
        .in_flight()
        .select_related("city", "bank", "card", *RELATED)
        .order_by("status_since")
    )
    shipments = {card_request.pk: shipment_of(card_request) for card_request in requests}
    found = standings(requests, shipments=shipments, at=at)
    for card_request in requests:
        role = role_of_visible(user, card_request.holder)
        yield card_request, found[card_request.pk], offers_to(role, card_request, at=at)


def _of_request(card_request, standing, offers):
    main = offers.main
    # An offer that posts is shown on the page of the request, and not here.
    is_page = main is not None and not main.is_post
    return Errand(
        holder=card_request.holder,
        title=standing.title,
        text=f"{card_request.city.name} · {card_request.bank.name}",
        go=main.words if main else "看进度",
        url=main.url if is_page else card_request.get_absolute_url(),
        by_when=standing.by_when,
        overdue_date=standing.due_date if standing.is_overdue else None,
        discard=offers.of(DISCARD),
    )


def _of_card(errand, *, at):
    card = errand.card
    text = f"{card.city.name} · {card.bank.name}"
    due = _due(errand.due_date, at=at)
    return Errand(card.holder, errand.title, text, errand.go, errand.url, **due)


def _due(due_date, *, at):
    """`by_when` and `overdue_date` of an `Errand` on which others should act by `due_date`."""
    if due_date is None:
        return {}
    if due_date < day_of(at):
        return {"overdue_date": due_date}
    return {"by_when": REVIEWED.ahead.format(day=REVIEWED.of(due_date))}


def _registrations(user, *, at):
    """The registrations of children that wait, and the refused ones not registered anew since."""
    again = Guardianship.objects.not_refused().filter(
        guardian=OuterRef("guardian"), ward=OuterRef("ward")
    )
    own = Guardianship.objects.visible_to(user)
    waiting = own.waiting().filter(ends_at__gt=at)
    refused = own.refused().filter(~Exists(again), status_since__gt=at - REFUSAL_SHOWN)
    return (waiting | refused).select_related("ward").order_by("status_since")


def _waiting_registration(guardianship, *, at):
    return Errand(
        holder=guardianship.ward,
        name=guardianship.ward_name,
        title="子女登记等人事处确认",
        text=f"{day(day_of(guardianship.created_at))}登记，您不用做什么",
        go="查看",
        url=reverse("children:list"),
        **_due(decision_date(guardianship.created_at), at=at),
    )


def _refused_registration(guardianship):
    return Errand(
        holder=guardianship.ward,
        name=guardianship.ward_name,
        title="子女登记没有通过",
        text="请看原因，补正后重新登记",
        go="看原因",
        url=reverse("children:list"),
    )
