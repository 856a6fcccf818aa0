"""Empties the addresses of old requests."""

from django.conf import settings

from apps.cards.models import CardRequest
from apps.common.moments import began_before
from apps.delivery.models import Shipment


def forget_shipments(*, at, limit):
    """Empty the shipments of requests that ended settings.DATA_RETENTION ago. Returns how many.

    Method, city and postage stay: the books of the payments refer to them.
    """
    ended = CardRequest.objects.ended_before(began_before(at, settings.DATA_RETENTION))
    due = Shipment.objects.filter(card_request__in=ended, forgotten_at=None)
    return Shipment.objects.filter(pk__in=due.order_by("pk").values("pk")[:limit]).update(
        recipient="", phone="", county=None, address="", postcode="", branch="", forgotten_at=at
    )
