from functools import partial

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.cards.models import CardRequest
from apps.common import money
from apps.common.nudges import nudge
from apps.common.pages import page_or_fragment
from apps.common.refusals import Refused
from apps.gateways.port import ADAPTERS, blocking_app, current_gateway_name, get_gateway
from apps.payments import money_back, notifications, pages, services, tasks
from apps.payments.amounts import fees_of
from apps.payments.enums import MONEY_MOVED
from apps.payments.lateness import arrival_day
from apps.payments.models import Payment
from apps.payments.offers import to_pay_again
from apps.payments.policies import TooLateToPay, check_in_time, no_shipment
from apps.people import first
from apps.seals import services as seals
from apps.unsent import shown
from apps.waiting.receipts import of_request, proven_event

# Seconds before an open result page asks again: short pauses first, then longer ones, then none.
POLL_AFTER = (1, 1, 2, 2, 3, 3, 5, 5, 8, 8, 15, 15, 30, 30, 60, 60)
LONGEST_NOTIFICATION = 64 * 1024  # bytes


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request, reference):
    """What is to be paid, and for what. POST leads to the cashier, or on if nothing is due."""
    at = timezone.now()
    card_request = _find_request(request, reference, at=at)
    if not card_request.awaits_payment:
        return redirect(_latest_payment(card_request) or card_request)
    try:
        check_in_time(card_request, at=at)
    except TooLateToPay as refusal:
        messages.error(request, refusal.message)
        return redirect(card_request)
    fees = fees_of(card_request, at=at)
    if request.method == "POST" and fees is not None and not blocked_in(request, fees.total_fen):
        try:
            return _go_on(request, card_request, fees, at=at)
        except Refused as raised:
            return _after(request, reference, raised, at=at)
    return _page(request, card_request, at=at)


def blocked_in(request, total_fen):
    """The name of the app in which the gateway's pages do not open, or "".

    Nothing leads to the gateway if nothing is to be paid.
    """
    user_agent = request.headers.get("User-Agent", "") if total_fen else ""
    return blocking_app(current_gateway_name(), user_agent)


def leading_to_gateway(response):
    """`response`, a page with the button to pay: its Content-Security-Policy names the hosts of
    the gateway, to which the form leads.
    """
    if foreign := get_gateway(current_gateway_name()).form_action:
        response._csp_update = {"form-action": list(foreign)}
    return response


def _after(request, reference, refusal, *, at):
    """The page as it is now, with why nothing was begun; or on, if nothing is to be paid now."""
    card_request = _find_request(request, reference, at=at)
    if card_request.awaits_payment:
        return _page(request, card_request, at=at, refusal=refusal)
    # Of several who confirm at once one does it, and for the others it is done as well.
    tell = messages.error if card_request.ended_without_card else messages.info
    tell(request, first.whole(refusal, reader=request.user))
    return redirect(_latest_payment(card_request) or card_request)


def _page(request, card_request, *, at, refusal=None):
    fees = fees_of(card_request, at=at)
    shipment = card_request.shipment if fees else None
    missing = "" if fees else no_shipment(card_request, at=at).message
    context = {
        "missing": missing,
        "refusal": refusal,
        "shown": pages.token(card_request, at=at),
        "card_request": card_request,
        "fees": fees,
        "shipment": shipment,
        "money_lines": money_back.of_requests([card_request], at=at).get(card_request.pk, []),
        "gateway_name": current_gateway_name(),
        "blocked_in": blocked_in(request, fees.total_fen if fees else 0),
        "address": settings.PORTAL_URL + request.path,
    }
    return leading_to_gateway(render(request, "payments/pay.html", context))


def _go_on(request, card_request, fees, *, at):
    as_shown = partial(pages.check, shown=request.POST.get(shown.FIELD), at=at)
    if not fees.total_fen:
        services.waive(card_request=card_request, by=request.user, at=at, as_shown=as_shown)
        messages.success(request, "已确认，不用缴费。申请马上受理。")
        return redirect(card_request)
    return to_cashier(request, card_request, fees, as_shown=as_shown, at=at)


def to_cashier(request, card_request, fees, *, as_shown, at):
    """Begin the payment of `fees` and lead to it. `as_shown` and refusals as `services.start`."""
    started = services.start(
        card_request=card_request,
        amount_fen=fees.total_fen,
        subject=f"社会保障卡{card_request.get_kind_display()}费用",
        by=request.user,
        at=at,
        is_mobile="Mobi" in request.headers.get("User-Agent", ""),
        as_shown=as_shown,
    )
    # The sandbox cashier is on this host: a path keeps the host name that the browser used.
    return redirect(started.url.removeprefix(settings.PORTAL_URL))


@login_required
@require_safe
def detail(request, reference):
    """查看支付订单."""
    at = timezone.now()
    payment = _find_payment(request, reference, at=at)
    context = {
        "payment": payment,
        "now": at,
        "shown": payment.shown_at(at),
        "promised": arrival_day(payment, at=at) if payment.is_not_back_yet else None,
        "pay": to_pay_again(payment, by=request.user, at=at),
        "discrepancies": [row for row in payment.discrepancies.order_by("pk") if row.is_told],
        "proof": _proof(payment, at=at),
    }
    return render(request, "payments/detail.html", context)


def _proof(payment, *, at):
    """That the money arrived or went back, whichever was last; None before."""
    event = payment.events.filter(action__in=MONEY_MOVED).last()
    return event and seals.proof_address(event=event, at=at)


@login_required
@require_safe
def result(request, reference):
    """The page to which the cashier sends the payer back. It waits for the result and shows it.

    It marks nothing as paid: the gateway's notification does, or the worker's question, which this
    page lets the worker ask soon. `n` counts how often the page has asked; `quit` says that the
    payer gave up at the cashier.
    """
    at = timezone.now()
    payment = _find_payment(request, reference, at=at)
    asked = request.GET.get("n", "")
    count = min(int(asked), len(POLL_AFTER)) if asked.isdecimal() and len(asked) < 4 else 0
    if payment.is_waiting:
        services.poll_soon(payment=payment, at=at)
        nudge(tasks.reconcile)
    shown_words = payment.shown_at(at)
    receipt, ahead = _receipt(payment, shown_words, at=at)
    context = {
        "payment": payment,
        "shown": shown_words,
        "pay": to_pay_again(payment, by=request.user, at=at),
        "is_asked": payment.last_checked_at is not None,
        "has_quit": "quit" in request.GET,
        "poll_after": POLL_AFTER[count] if payment.is_waiting and count < len(POLL_AFTER) else None,
        "next_count": count + 1,
        "receipt": receipt,
        "ahead": ahead,
    }
    return page_or_fragment(
        request,
        page="payments/result.html",
        fragment="payments/_result.html",
        context=context,
    )


def _receipt(payment, shown, *, at):
    """The receipt of the request, and what is ahead, while its payment stands; else (None, [])."""
    card_request = payment.card_request
    if not payment.is_paid or card_request.awaits_payment or card_request.is_final:
        return None, []
    tier, postage_fen = card_request.shipment.get_tier_display(), card_request.shipment.postage_fen
    proof = seals.proof_address(event=proven_event(card_request), at=at)
    return of_request(
        card_request,
        shipment=card_request.shipment,
        proof=proof,
        result=shown.title,
        below=shown.text,
        paid=f"{money.yuan(payment.amount_fen)} 元{f'（含{tier}邮寄费）' if postage_fen else ''}",
        at=at,
    )


@csrf_exempt
@require_POST
def notify(request, gateway):
    """The address for a gateway's notifications. Without the answer "success" it calls again.

    Over plain HTTP it is refused and never redirected, so that a wrong address in the settings of
    the gateway shows at once.
    """
    if gateway not in ADAPTERS:
        raise Http404
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        return HttpResponse("failure", content_type="text/plain", status=403)
    if len(request.body) > LONGEST_NOTIFICATION:
        return HttpResponse("failure", content_type="text/plain", status=413)
    row = notifications.receive(
        gateway=gateway, fields=request.POST.dict(), body=request.body, at=timezone.now()
    )
    answer = "success" if row.outcome in notifications.ACCEPTED else "failure"
    return HttpResponse(answer, content_type="text/plain")


def _find_request(request, reference, *, at):
    visible = CardRequest.objects.visible_to(request.user, at=at)
    related = visible.select_related(
        "holder",
        "city__province",
        "bank",
        "rule",
        "shipment__city__province",
        "shipment__county",
    )
    return get_object_or_404(related, reference=reference)


def _find_payment(request, reference, *, at):
    visible = Payment.objects.visible_to(request.user, at=at)
    related = visible.select_related(
        "card_request__holder",
        "card_request__city__province",
        "card_request__bank",
        "card_request__rule",
        "card_request__shipment",
    )
    return get_object_or_404(related, reference=reference)


def _latest_payment(card_request):
    return Payment.objects.filter(card_request=card_request).order_by("-pk").first()
