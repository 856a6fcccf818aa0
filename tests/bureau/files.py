"""Report files of numbered cards, and what became of them."""

from datetime import timedelta

from apps.bureau import production
from apps.bureau.adapters import report_file
from apps.bureau.models import BureauReport, ProductionOrder
from apps.cards.enums import (
    CardStatus,
    ReplacementReason,
    RequestKind,
    RequestStatus,
)
from apps.cards.models import CardRequest
from tests.factories.bureau import LATER, made, receive
from tests.factories.cards import AT, make_card, make_request


def number(place):
    return f"A{place:08d}"


def numbered(orders):
    """A report of a made card for each of the orders, each with a number of its own."""
    return [made(order, card_number=number(place)) for place, order in enumerate(orders)]


def put_in(said):
    return receive(report_file.write(said))


def statuses(orders):
    rows = CardRequest.objects.in_bulk([order.card_request_id for order in orders])
    return [rows[order.card_request_id].status for order in orders]


def report_of(order):
    return BureauReport.objects.get(order_reference=order.reference)


def make_replacements(count, *, status=CardStatus.LOST):
    """(old cards, orders) of approved replacements."""
    cards = [make_card(status) for _ in range(count)]
    for card in cards:
        make_request(
            RequestStatus.APPROVED,
            at=LATER,
            holder=card.holder,
            kind=RequestKind.REPLACEMENT,
            old_card=card,
            reason=ReplacementReason.LOST,
        )
    production.make_batch(at=AT + timedelta(days=3), limit=count)
    orders = ProductionOrder.objects.select_related("card_request").order_by("pk")
    return cards, list(orders.filter(card_request__old_card__in=cards))
