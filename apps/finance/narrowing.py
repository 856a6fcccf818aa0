"""The list of payments: what narrows it, and its pages.

The newest come first, by the chosen moment: when they were ordered, paid or refunded. Each has an
index. A page begins beyond an order number, so nothing is counted, and a payment that comes in
meanwhile moves no page.
"""

from dataclasses import dataclass

from django.db.models import Case, Q, When

from apps.common.moments import end_of, start_of
from apps.desk import keyset
from apps.payments.models import Payment, rest_fen
from apps.payments.models.payments import TO_GO_BACK
from apps.queries.plans import planned_by_values

SIZE = 50
ORDERED = "created_at"
# What `PaymentFilterForm.which` stands for.
MOMENTS = {"": ORDERED, "paid": "paid_at", "refunded": "refunded_at"}


@dataclass(frozen=True)
class PaymentPage:
    """Beyond the order numbers `before` and `after` lie the next pages; empty at an end."""

    payments: list[Payment]
    before: str = ""
    after: str = ""


def order_of(chosen):
    """The column of which the latest come first: the chosen moment."""
    return MOMENTS[chosen.get("which") or ""]


def narrowed(chosen, *, at):
    """The payments that the values `chosen` of a `PaymentFilterForm` leave, in no order yet."""
    rows = Payment.objects.all()
    if number := chosen.get("number"):
        # That it is not empty is the condition of the index.
        of_trade = Q(trade_number=number) & ~Q(trade_number="")
        rows = rows.filter(Q(reference=number.upper()) | of_trade)
    if status := chosen.get("status"):
        rows = rows.in_status(status, at=at)
    if gateway := chosen.get("gateway"):
        rows = rows.filter(gateway=gateway)
    if city := chosen.get("city"):
        rows = rows.filter(card_request__city=city)
    moment = order_of(chosen)
    if moment != ORDERED:
        rows = rows.exclude(**{moment: None})  # the condition of the index
    if since := chosen.get("since"):
        rows = rows.filter(**{f"{moment}__gte": start_of(since)})
    if until := chosen.get("until"):
        rows = rows.filter(**{f"{moment}__lt": end_of(until)})
    if (least := chosen.get("least")) is not None:
        rows = rows.filter(amount_fen__gte=least)
    if (most := chosen.get("most")) is not None:
        rows = rows.filter(amount_fen__lte=most)
    return rows


def in_order(rows, column=ORDERED, *, ascending=False):
    """`rows` by `column`, the latest first, with what the list and the file show of each.

    `owed_fen` of each is what is still to go back of it; None if nothing is.
    """
    shown = rows.select_related("card_request__city").annotate(
        owed_fen=Case(When(TO_GO_BACK, then=rest_fen()))
    )
    return keyset.in_order(shown, column, ascending=ascending)


def page_of(rows, *, column=ORDERED, after="", before="", size=SIZE):
    """The `PaymentPage` of `rows`, which are in the order of `column` (`order_of`).

    It lies beyond the order `after`, or ends at `before`. An order number that is unknown, or
    beyond which there is nothing, means the first page.
    """
    named = Payment.objects.filter(reference=after or before)
    key = named.values_list(column, "pk").first() if after or before else None
    if key is not None and key[0] is None:  # it has lost the moment of the order
        key = None
    backwards = bool(before) and not after and key is not None
    beyond = rows if key is None else keyset.beyond(rows, column, key, ascending=backwards)
    with planned_by_values():
        found = list(in_order(beyond, column, ascending=backwards)[: size + 1])
    has_more, found = len(found) > size, found[:size]
    if key is not None and (not found or (backwards and not has_more)):
        return page_of(rows, column=column, size=size)
    if backwards:
        found.reverse()
        return PaymentPage(found, found[0].reference if has_more else "", found[-1].reference)
    return PaymentPage(
        found,
        found[0].reference if key is not None else "",
        found[-1].reference if has_more else "",
    )
