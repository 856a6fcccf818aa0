"""What is read of a set of reports, and of the orders that they are about, to apply them.

Columns and not rows: two thousand reports are read, judged and written at once.
"""

from datetime import datetime
from typing import Any, NamedTuple

from apps.bureau.models import ProductionBatch, ProductionOrder
from apps.bureau.standing import OrderStanding, standing_of
from apps.cards.models import Card, CardRequest
from apps.lifecycle.writing import locked
from apps.queries.arrays import among


class StoredReport(NamedTuple):
    """One stored report, without what only the database needs to know of it."""

    pk: int
    order_reference: str
    kind: str
    sealed_number: Any
    card_number: str
    carrier: str
    tracking_number: str
    bureau: str
    at: datetime


class LockedOrder(NamedTuple):
    """The order of reports, its request and the card that is replaced, all of them locked."""

    pk: int
    reference: str
    bureau: str
    request: int
    old_card: int | None
    holder: int
    city: int
    bank: int
    now: OrderStanding


COLUMNS_OF_LINE = (
    "pk",
    "order_reference",
    "kind",
    "card_number",
    "carrier",
    "tracking_number",
    "file__bureau",
    "reported_at",
)


def line_of(row):
    """The `StoredReport` of the columns `COLUMNS_OF_LINE` of a report."""
    pk, order, kind, sealed, carrier, tracking, bureau, at = row
    number = sealed.text() if sealed else ""
    return StoredReport(pk, order, kind, sealed, number, carrier, tracking, bureau or "", at)


def locked_orders(references):
    """({reference: `LockedOrder`}, the references of the orders that another transaction holds).

    The requests of the orders and their old cards are locked until the transaction ends. It does
    not wait for the lock of a request, because its owner may wait for a report that is locked here
    (a deadlock). Locked rows are read after locking, because another worker may just have changed
    them.
    """
    orders = ProductionOrder.objects.filter(among("reference", references))
    requests = CardRequest.objects.filter(pk__in=orders.values("card_request"))
    ours = set(lock(requests, skip=True))
    rows = list(orders.values_list(*COLUMNS_OF_ORDER))
    batches = ProductionBatch.objects.in_bulk({row[2] for row in rows})
    found = [_order(row, batches) for row in rows]
    mine = {order.reference: order for order in found if order.request in ours}
    if old := [order.old_card for order in mine.values() if order.old_card is not None]:
        lock(Card.objects.filter(among("pk", old)))
    return mine, {order.reference for order in found} - mine.keys()


COLUMNS_OF_ORDER = (
    "pk",
    "reference",
    "batch",
    "card_request",
    "card_request__old_card",
    "card_request__holder",
    "card_request__city",
    "card_request__bank",
    "status",
    "card_request__status",
    "card_request__card__card_number",
    "card_request__carrier",
    "card_request__tracking_number",
)


def _order(row, batches):
    """The `LockedOrder` of the columns `COLUMNS_OF_ORDER`; `batches` are {pk: its batch}."""
    pk, reference, batch, *own, status, request_status, sealed, carrier, tracking = row
    number = sealed.text() if sealed else ""
    ordered_at = batches[batch].created_at
    now = standing_of(status, ordered_at, request_status, number, carrier, tracking)
    return LockedOrder._make([pk, reference, batches[batch].bureau, *own, now])


def lock(rows, *, skip=False):
    """Lock the rows of a queryset, in the order of their keys. Returns the keys."""
    return list(locked(rows.order_by("pk"), skip=skip).values_list("pk", flat=True))
