"""The picture that the unit had taken of somebody, as a portrait for a request."""

from typing import NamedTuple

from django.db.models import Exists, OuterRef

from apps.application import pages
from apps.people.models import Holder
from apps.queries.prepared import PreparedQuery
from apps.staff_photos.models import OfferedPortrait

_NEWEST = PreparedQuery(
    lambda holder: OfferedPortrait.objects.filter(holder=holder).newest_first()[:1], holder=Holder
)

# Whether the unit offers the person of a request a portrait, for the query that finds the request.
EXISTS = Exists(OfferedPortrait.objects.filter(holder=OuterRef("holder")))


class ShownOffer(NamedTuple):
    """What a page shows of an offer, with the hidden field `shown` of its form."""

    offer: OfferedPortrait
    shown: str


def to_take(card_request):
    """The `OfferedPortrait` that may be taken for `card_request` now, or None.

    Only people on the roster have one: a child that a guardian has registered has none. What the
    portrait in use is made from already is not offered again.
    """
    if card_request.holder.user_id is None:
        return None
    offer = _NEWEST.first(holder=card_request.holder_id)
    if offer is not None and offer.offered_at == card_request.particulars.portrait_offered_at:
        return None
    return offer


def shown(card_request):
    """The `ShownOffer` on the page of the portrait, or None. Most people have none: no query.

    `card_request` has the annotation `has_offer`.
    """
    offer = to_take(card_request) if card_request.has_offer else None
    return offer and ShownOffer(offer, pages.offer_token(card_request, offer))
