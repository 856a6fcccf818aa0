"""What some people hold: requests in flight and cards, and how the card of each looks."""

from django.db.models import Q

from apps.cards.enums import CARD_IN_HAND, REQUEST_IN_FLIGHT
from apps.cards.models import CardRequest
from apps.people.models import Holder
from apps.queries.prepared import PreparedQuery
from apps.regions.models.holidays import ArrangedDay, know_days
from apps.requests.promises import measured_here, running_times
from apps.waiting import card_face
from apps.waiting.way import way

# Every card comes out of a request.
HELD = Q(status__in=REQUEST_IN_FLIGHT) | Q(card__isnull=False)


def shown(requests, persons):
    """Those of the queryset `requests` that are of `persons` (`Parameters`), with what pages show.

    It is not ordered: the database would take longer to be asked for it than for the rows.
    """
    return (
        requests.filter(persons.holds("holder"))
        .with_milestones()
        .annotate(arranged_days=ArrangedDay.objects.carried(), measured_here=measured_here())
        .select_related(
            "city__province",
            "bank",
            "rule",
            "particulars",
            "card",
        )
        .order_by()
    )


def read(query, persons, **values):
    """The requests of `persons` that the `PreparedQuery` finds (`shown`), the latest change last.

    `holder` of each is the very one of `persons`. `values` are the others of the query.
    """
    by_key = {person.pk: person for person in persons}
    found = query.read(persons=list(by_key), **values)
    if found:
        know_days(found[0].arranged_days)
    found.sort(key=lambda card_request: card_request.status_since)
    for row in found:
        row.holder = by_key[row.holder_id]
        row.share_with_card()
    return found


def in_flight(found):
    """Those of the requests `found` that are in flight."""
    return [card_request for card_request in found if card_request.status in REQUEST_IN_FLIGHT]


def cards(found):
    """The cards out of the requests `found`, the latest change last."""
    return sorted(_cards(found), key=lambda card: card.status_since)


def _cards(found):
    return [card_request.card for card_request in found if card_request.card is not None]


def card_of(holder, held):
    """The card of `holder` among the cards `held`: the one in hand, else the latest, else None."""
    own = [card for card in held if card.holder_id == holder.pk]
    return next((card for card in own if card.status in CARD_IN_HAND), own[-1] if own else None)


def faces(persons, *, at):
    """Person pk → the `CardFace` of the card of each of `persons`, as the first page shows it.

    One query, three while something is under way.
    """
    found = read(_HELD, persons)
    held, running = cards(found), {row.holder_id: row for row in in_flight(found)}
    times = running_times(running.values())
    return {person.pk: _face(person, running.get(person.pk), times, held, at) for person in persons}


def _face(person, running, times, held, at):
    if running is not None:
        its_way = way(running, times.get(running.pk), at=at)
        return card_face.of_request(running, way=its_way, at=at)
    card = card_of(person, held)
    return card_face.of_card(card, at=at) if card is not None else card_face.empty(person)


_HELD = PreparedQuery(
    lambda persons: shown(CardRequest.objects.filter(HELD), persons), persons=Holder
)
