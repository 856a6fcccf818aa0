"""What people read about money that goes back, or that matches no order, on every page."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, prefetch_related_objects

from apps.cards.enums import REQUEST_ENDED_WITHOUT_CARD
from apps.cards.models import CardRequest
from apps.common.money import yuan
from apps.events.models import Event
from apps.payments.enums import GOING_BACK, PaymentStatus
from apps.payments.lifecycle import DISCREPANCY, PAYMENT
from apps.payments.models import Discrepancy, Payment
from apps.payments.models.payments import not_before
from apps.payments.status_words import RECORDED
from apps.people.models import Holder
from apps.queries.prepared import PreparedQuery


@dataclass(frozen=True)
class MoneyLine:
    """One line: what became of which money, by when it arrives, and whom to ask.

    `ended_at` is when it was settled; None while it is under way.
    """

    card_request: CardRequest
    holder: Holder
    title: str
    text: str
    tone: str
    url: str
    ended_at: datetime | None


def of_requests(requests, *, at) -> dict[int, list[MoneyLine]]:
    """Request pk → its lines: one query for all of `requests`, four if there are any lines."""
    keys = [card_request.pk for card_request in requests]
    return _lines(Payment.objects.filter(card_request__in=keys), since=None, at=at)


_PAYMENTS = PreparedQuery(
    lambda card_request: Payment.objects.filter(card_request=card_request).annotate(
        is_differing=Exists(Discrepancy.objects.told().filter(payment=OuterRef("pk")))
    ),
    card_request=CardRequest,
)


def payments_of(card_request):
    """The payments of `card_request` for `of_payments`, the last one first: one query."""
    found = _PAYMENTS.read(card_request=card_request.pk)
    for payment in found:
        payment.card_request = card_request
    return sorted(found, key=lambda payment: payment.pk, reverse=True)


def of_payments(payments, *, at) -> list[MoneyLine]:
    """The lines of `payments_of` one request, the earliest first: a query if anything differs."""
    ordered = sorted(payments, key=lambda payment: payment.pk)
    prefetch_related_objects([one for one in ordered if one.is_differing], "discrepancies")
    return [
        line for one in ordered for line in _lines_of(one, at=at, is_differing=one.is_differing)
    ]


def tells(since):
    """The condition for requests of which `recent` has lines: their payments are told of.

    `told_of_since` in several short sub-queries. PostgreSQL takes longer to plan one sub-query with
    alternatives over three tables than for all else that a page asks for.
    """
    payments = Payment.objects.filter(not_before(since, "refunded_at"), card_request=OuterRef("pk"))
    differing = Discrepancy.objects.told().filter(
        not_before(since, "settled_at"), payment__card_request=OuterRef("pk")
    )
    is_owed = Q(status__in=REQUEST_ENDED_WITHOUT_CARD)
    return (
        Q(Exists(payments.filter(status__in=GOING_BACK)))
        | (is_owed & Exists(payments.filter(status=PaymentStatus.PAID)))
        | Exists(differing)
    )


def recent(requests, *, since, at) -> list[MoneyLine]:
    """The lines of `requests` (`tells`): what is under way, or ended after `since`.

    No query without requests, else four.
    """
    if not requests:
        return []
    keys = [card_request.pk for card_request in requests]
    found = _lines(Payment.objects.filter(card_request__in=keys), since=since, at=at)
    return [line for lines in found.values() for line in lines]


def is_under_way(lines):
    """Whether something will still change."""
    return any(line.ended_at is None for line in lines)


def _lines(payments, *, since, at):
    found: dict[int, list[MoneyLine]] = {}
    told = payments.told_of_since(since).order_by("pk")
    for payment in told.prefetch_related("card_request__holder", "discrepancies"):
        for line in _lines_of(payment, at=at):
            if since is None or line.ended_at is None or line.ended_at > since:
                found.setdefault(payment.card_request_id, []).append(line)
    return found


def _lines_of(payment, *, at, is_differing=True):
    lines = [of_payment(payment, at=at)] if payment.is_going_back else []
    told = (row for row in payment.discrepancies.all() if row.is_told) if is_differing else ()
    return [*lines, *(_of_discrepancy(row, payment) for row in told)]


def of_payment(payment, *, at):
    """The line about money of `payment` that goes back. Select `card_request__holder` along."""
    shown = payment.shown_at(at)
    return MoneyLine(
        card_request=payment.card_request,
        holder=payment.card_request.holder,
        title=shown.line,
        text=shown.text,
        tone=payment.tone,
        url=payment.get_absolute_url(),
        ended_at=payment.refunded_at,
    )


def _of_discrepancy(discrepancy, payment):
    card_request = payment.card_request
    return MoneyLine(
        card_request=card_request,
        holder=card_request.holder,
        title=f"{yuan(discrepancy.amount_fen)} 元的缴费要核对"
        if discrepancy.settled_at is None
        else f"{yuan(discrepancy.amount_fen)} 元的缴费已核对",
        text=discrepancy.told,
        tone=discrepancy.tone,
        url=discrepancy.get_absolute_url(),
        ended_at=discrepancy.settled_at,
    )


# --- 办理记录 -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MoneyRecord:
    """What 办理记录 says of one event about money."""

    title: str
    text: str
    url: str


def told_events():
    """The events about money that people read in 办理记录."""
    of_payments = Event.objects.of_kind(PAYMENT).filter(action__in=RECORDED)
    return of_payments | Event.objects.of_kind(DISCREPANCY)


def subjects():
    """The querysets of what `told_events` are about, for `with_subjects`."""
    return (
        Payment.objects.select_related("card_request__holder").prefetch_related("discrepancies"),
        Discrepancy.objects.select_related("payment__card_request").prefetch_related(
            "payment__discrepancies"
        ),
    )


def request_of(event):
    """The request whose money `event` is about, as `record_of`; None if it is not about money."""
    if event.subject_kind == PAYMENT.name:
        return event.subject.card_request
    if event.subject_kind == DISCREPANCY.name:
        return event.subject.payment.card_request
    return None


def record_of(event) -> MoneyRecord | None:
    """The record of `event`, whose subject is looked up; None if it is not about money."""
    if event.subject_kind == PAYMENT.name:
        payment = event.subject
        matter, amount_fen = payment.card_request.matter, payment.told_fen
        text = RECORDED[event.action].format(**payment.words)
    elif event.subject_kind == DISCREPANCY.name:
        matter, amount_fen = event.subject.payment.card_request.matter, event.subject.amount_fen
        text = event.subject.told
    else:
        return None
    title = f"{matter}：{event.label}（{yuan(amount_fen)} 元）"
    return MoneyRecord(title, text, event.subject.get_absolute_url())
