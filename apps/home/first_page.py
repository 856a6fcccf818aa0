"""What the first page knows of somebody who has signed in: requests, cards, and the notes."""

from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import DateField, DateTimeField, Exists, OuterRef, Q

from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.payments import money_back
from apps.people.models import Holder
from apps.queries.prepared import PreparedQuery
from apps.regions.enums import Service
from apps.regions.models import ServiceOpening
from apps.replacement.offers import HAS_OPEN
from apps.waiting import wallet

# How long money that went back, or was looked after, is shown.
MONEY_SHOWN = timedelta(days=7)


def young(user):
    """The person behind the account `user`, who sees nobody, not even that person; else None.

    Until the 16th birthday the guardians act.
    """
    return getattr(user, "holder", None)


def ending(family, *, at):
    """The children whose 16th birthday, which ends the guardianship, is near."""
    until = day_of(at) + settings.GUARDIAN_END_NOTICE
    return [child for child in family.children if child.own_from_date <= until]


def handed_over(family, *, at):
    """The guardianships that ended with a 16th birthday, while the guardian has to know of it.

    That is for some time after it, and as long as something runs for a person without an account.
    """
    ended = family.handed_over(at=at)
    recent = [bond for bond in ended if bond.ends_at > at - settings.GUARDIAN_END_NOTICE]
    accountless = [bond for bond in ended if bond not in recent and bond.ward.user_id is None]
    if accountless:
        running = CardRequest.objects.in_flight().filter(
            holder__in=[bond.ward_id for bond in accountless]
        )
        waiting = set(running.values_list("holder", flat=True))
        recent += [bond for bond in accountless if bond.ward_id in waiting]
    return recent


# What the tiles ask of the city that issued a card.
_OF_THE_CITY = (Service.ACTIVATE, Service.LOSS_REPORT, Service.REPLACE)


def _matters(persons, since, today):
    there = ServiceOpening.objects.open_on(today).filter(city=OuterRef("card__city"))
    offered = {str(service): Exists(there.filter(service=service)) for service in _OF_THE_CITY}
    tells = money_back.tells(since)
    requests = CardRequest.objects.select_related("shipment")
    requests = requests.annotate(tells_of_money=tells, has_open_loss=HAS_OPEN, **offered)
    return wallet.shown(requests.filter(wallet.HELD | Q(tells_of_money=True)), persons)


_MATTERS = PreparedQuery(_matters, persons=Holder, since=DateTimeField(), today=DateField())


class Matters(NamedTuple):
    """What there is of some people; the latest change is the last of each list."""

    requests: list  # in flight
    cards: list
    not_offered: dict  # by the pk of a card: which `_OF_THE_CITY` are not open where it was issued
    with_money: list  # the requests whose money goes back, or matches no order


def matters(persons, *, at):
    """The `Matters` of `persons`, in one query."""
    found = wallet.read(_MATTERS, persons, since=at - MONEY_SHOWN, today=day_of(at))
    for row in found:
        if row.card is not None:
            row.card.has_open_loss = row.has_open_loss
    not_offered = {
        row.card_id: {service for service in _OF_THE_CITY if not getattr(row, service)}
        for row in found
        if row.card_id is not None
    }
    with_money = [card_request for card_request in found if card_request.tells_of_money]
    return Matters(wallet.in_flight(found), wallet.cards(found), not_offered, with_money)


def money(requests, *, at):
    """Lines about money of `requests` that goes back, or that matches no order."""
    return money_back.recent(requests, since=at - MONEY_SHOWN, at=at)
