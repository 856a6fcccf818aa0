"""What the worker finds due. A row that fails is tried later and stops no other one.

What needs a gateway goes row by row; the rest is moved as sets.
"""

import logging

from django.conf import settings

from apps.cards.enums import REQUEST_ENDED_WITHOUT_CARD, RequestAction
from apps.cards.models import CardRequest
from apps.common.moments import began_before, end_of
from apps.common.refusals import Refused
from apps.events.enums import AS_WORKER
from apps.gateways.port import GatewayUnavailable
from apps.lifecycle.sweep import move_all
from apps.lifecycle.writing import Own
from apps.payments import services
from apps.payments.enums import PaymentAction, PaymentStatus
from apps.payments.models import REFUND_PATIENCE, Payment
from apps.payments.refunds import begun, reason_of
from apps.requests.policies import last_day_to_pay

logger = logging.getLogger(__name__)


def reconcile(*, at, limit):
    """Ask the gateways about all running payments that are due."""
    due = Payment.objects.to_ask_about(at).select_related(*services.OF_AMOUNT)[:limit]
    return _each(due, lambda payment: services.ask(payment=payment, at=at))


def ask_about_paid(*, at, limit):
    """Ask the gateways about all paid orders that are due: whether the money is still there."""
    due = Payment.objects.to_ask_about_paid(at).select_related("card_request")[:limit]
    return _each(due, lambda payment: services.ask_about_paid(payment=payment, at=at))


def begin_refunds(*, at, limit=None, deadline=None):
    """Begin the refund of what was paid for requests that ended without a card.

    A rejection that can still be recalled gives nothing back yet. Returns how many refunds were
    begun.
    """

    def each(payments):
        return _ended_for_good(payments, at=at)

    return move_all(
        Payment.objects.owed_back(at).order_by("pk"),
        PaymentAction.REFUND,
        at=at,
        **AS_WORKER,
        each=each,
        limit=limit,
        deadline=deadline,
        keeps_setbacks=False,
    ).done


def _ended_for_good(payments, *, at):
    """For each of the locked `payments` the columns of its refund, or why it stays.

    Their requests are locked as well, as a recall locks them. A request that somebody holds now is
    left for the next round: waiting for it here could be a deadlock, because everybody else locks
    the request first.
    """
    ended = CardRequest.objects.select_for_update(skip_locked=True).filter(
        pk__in=[payment.card_request_id for payment in payments],
        status__in=REQUEST_ENDED_WITHOUT_CARD,
    )
    requests = {card_request.pk: card_request for card_request in ended}
    why = Refused("这件申请刚刚有了变化，稍后再看。", code="recalled")
    found: dict[int, Own | Refused] = {}
    for payment in payments:
        card_request = requests.get(payment.card_request_id)
        if card_request is None:
            found[payment.pk] = why
            continue
        columns = begun(reason_of(card_request), at=at)
        found[payment.pk] = Own(reason=columns.pop("reason"), columns=columns)
    return found


def send_refunds(*, at, limit):
    """Send the due refunds to the gateways."""
    due = Payment.objects.to_send_back(at)[:limit]
    return _each(due, lambda payment: services.send_refund(payment=payment, at=at))


def stall_refunds(*, at, deadline):
    """Mark refunds that did not arrive within a day: the desk works on them from then on."""
    late = Payment.objects.filter(
        status=PaymentStatus.REFUNDING, status_since__lte=at - REFUND_PATIENCE
    )
    return move_all(
        late.order_by("pk"),
        PaymentAction.STALL_REFUND,
        at=at,
        **AS_WORKER,
        reason="支付平台一天内没有退成",
        deadline=deadline,
    )


def close_unpaid(*, at, limit, deadline=None):
    """End the requests that nobody paid for in time (到期没缴费). Returns how many ended.

    Their orders are closed at the gateways first, up to `limit` of them in one call: a request
    whose order is still open, or turns out to be paid, stays and stops no other one.
    """
    due = CardRequest.objects.submitted_before(began_before(at, settings.UNPAID_LAPSE))
    running = Payment.objects.running().filter(card_request__in=due).select_related("card_request")
    _each(
        running.order_by("pk")[:limit],
        lambda payment: services.close_running(card_request=payment.card_request, by=None, at=at),
    )
    return move_all(
        due.exclude(payments__in=Payment.objects.running()).order_by("waits_since", "pk"),
        RequestAction.LAPSE,
        at=at,
        **AS_WORKER,
        each=_without_order,
        deadline=deadline,
    ).done


def _without_order(requests):
    """When each of the locked `requests` was due. One that has an open order by now stays."""
    running = Payment.objects.running().filter(card_request__in=requests)
    kept = set(running.values_list("card_request", flat=True))
    why = Refused("这件申请刚刚下了支付订单，等订单关闭。", code="running_order")
    return {
        card_request.pk: why
        if card_request.pk in kept
        else Own(due_at=end_of(last_day_to_pay(card_request)))
        for card_request in requests
    }


def _each(rows, handle):
    """Call `handle` for each of `rows`. Returns how many succeeded."""
    done = 0
    for row in rows:
        try:
            handle(row)
        except (Refused, GatewayUnavailable) as error:
            logger.warning("%s: %s", row.reference, error)
        except Exception:
            logger.exception("%s failed", row.reference)
        else:
            done += 1
    return done
