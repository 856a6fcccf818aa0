"""Where a card goes, as a row: the page that asks for it has tests of its own."""

from apps.delivery.enums import DeliveryMethod, Tier
from apps.delivery.models import Shipment
from tests.factories.cards import AT


def make_parcel(card_request, *, city=None, **values):
    """The parcel of `card_request` to the applicant in `city`, by default the city of the card."""
    city = city or card_request.city
    return Shipment.objects.create(
        card_request=card_request,
        method=DeliveryMethod.MAIL,
        recipient="张超",
        phone="13911112222",
        province=city.province,
        city=city,
        address="文化东路 88 号",
        tier=Tier.SAME_CITY,
        postage_fen=1000,
        saved_at=AT,
        saved_by=card_request.applicant,
        **values,
    )
