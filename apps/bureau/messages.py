"""Who is told that the making of a card is held up."""

from apps.bureau.enums import OrderAction
from apps.bureau.lifecycle import ORDER
from apps.bureau.models import ProductionOrder
from apps.events.messages import PORTAL_ONLY, Message


def _rows():
    return ProductionOrder.objects.select_related("card_request")


MESSAGES = (
    Message(
        ORDER.name,
        OrderAction.HOLD,
        "bureau/messages/held.txt",
        PORTAL_ONLY,
        rows=_rows,
    ),
)
