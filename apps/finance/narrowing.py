"""The list of payments: what narrows it, and its pages.

The order is that in which the orders were made, the newest first. A page begins beyond an order
number, so nothing is counted, and a payment that comes in meanwhile moves no page.
"""

from dataclasses import dataclass

from django.db.models import Q

from apps.common.moments import end_of, start_of
from apps.payments.models import Payment

SIZE = 50
_MOMENTS = {"created": "created_at", "paid": "paid_at", "refunded": "refunded_at"}


@dataclass(frozen=True)
class PaymentPage:
    """Beyond the order numbers `before` and `after` lie the next pages; empty at an end."""

    payments: list[Payment]
    before: str = ""
    after: str = ""


def narrowed(chosen, *, at):
    """The payments that the values `chosen` of a `PaymentFilterForm` leave, in no order yet."""
    rows = Payment.objects.all()
    if number := chosen.get("number"):
        rows = rows.filter(Q(reference=number.upper()) | Q(trade_number=number))
    if status := chosen.get("status"):
        rows = rows.in_status(status, at=at)
    if gateway := chosen.get("gateway"):
        rows = rows.filter(gateway=gateway)
    if city := chosen.get("city"):
        rows = rows.filter(card_request__city=city)
    moment = _MOMENTS[chosen.get("which") or "created"]
    if since := chosen.get("since"):
        rows = rows.filter(**{f"{moment}__gte": start_of(since)})
    if until := chosen.get("until"):
        rows = rows.filter(**{f"{moment}__lt": end_of(until)})
    if (least := chosen.get("least")) is not None:
        rows = rows.filter(amount_fen__gte=least)
    if (most := chosen.get("most")) is not None:
        rows = rows.filter(amount_fen__lte=most)
    return rows


def in_order(rows):
    """`rows` with what the list and the file show of each."""
    return rows.select_related("card_request__city").order_by("-pk")


def page_of(rows, *, after="", before="", size=SIZE):
    """The `PaymentPage` of `rows` beyond the order `after`, or the one that ends at `before`.

    An order number that is unknown, or beyond which there is nothing, means the first page.
    """
    key = Payment.objects.filter(reference=after or before).values_list("pk", flat=True).first()
    backwards = bool(before) and not after and key is not None
    if backwards:
        found = list(in_order(rows.filter(pk__gt=key)).order_by("pk")[: size + 1])
    else:
        beyond = rows if key is None else rows.filter(pk__lt=key)
        found = list(in_order(beyond)[: size + 1])
    has_more, found = len(found) > size, found[:size]
    if key is not None and (not found or (backwards and not has_more)):
        return page_of(rows, size=size)
    if backwards:
        found.reverse()
        return PaymentPage(found, found[0].reference if has_more else "", found[-1].reference)
    return PaymentPage(
        found,
        found[0].reference if key is not None else "",
        found[-1].reference if has_more else "",
    )
