from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.application import pages, services
from apps.application.forms import OwnShipmentForm
from apps.application.offers import SHIP, WITHDRAW, offers
from apps.application.views.access import acting, find, next_page
from apps.application.views.second import too_late
from apps.common.refusals import Refused
from apps.delivery.forms import ShipmentForm, known_address
from apps.delivery.policies import TooLateToChange, is_settled
from apps.delivery.views import quote
from apps.payments import money_back
from apps.payments import pages as payment_pages
from apps.payments.amounts import fees_of
from apps.payments.policies import another_amount
from apps.payments.views import blocked_in, leading_to_gateway, to_cashier
from apps.people import first
from apps.requests.policies import asks_own_contact, last_day_to_pay
from apps.unsent import merging
from apps.unsent.shown import FIELD

AMOUNT = "amount"  # the name of the button that says what is paid, in fen


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@acting
def shipping(request, card_request, *, at):
    """领卡和缴费 (manual, figures 21 and 22): where the card goes, what that costs, and paying it.

    After the payment: another address.
    """
    offer = offers(card_request, by=request.user, at=at).of(SHIP)
    form_class = OwnShipmentForm if asks_own_contact(card_request, at=at) else ShipmentForm
    make = partial(form_class, card_request=card_request, at=at)
    if request.method != "POST":
        if not offer.is_open:
            return redirect(next_page(request, card_request, at=at))
        form = make()
        shown = merging.token(form, form, pages.about_shipping(card_request))
        return _page(request, card_request, form, at=at, shown=shown)
    if not offer.is_open:
        return too_late(request, card_request, make, at=at, refusal=offer.refusal)
    if ShipmentForm.NARROW in request.POST:
        return _page(request, card_request, make(request.POST), at=at)
    return _save(request, card_request, make, at=at)


def _save(request, card_request, make, *, at):
    """Store the address and, with the button that names the amount, go on to the cashier."""
    try:
        merged, is_saved = services.save_address(
            card_request=card_request, make=make, typed=request.POST, by=request.user, at=at
        )
        if is_saved:
            return _after_saving(request, card_request, make, at=at)
    except TooLateToChange as refusal:
        return too_late(request, card_request, make, at=at, refusal=refusal)
    except Refused as refusal:
        return _page(request, card_request, make(request.POST), at=at, refusal=refusal)
    return _page(
        request,
        card_request,
        merged.page,
        at=at,
        shown=merged.token(is_saved=False),
        clashes=merged.clashes,
    )


def _after_saving(request, card_request, make, *, at):
    if is_settled(card_request):
        messages.success(request, "收件信息已保存。")
        return redirect(card_request)
    card_request = find(request, card_request.reference, at=at)
    fees = fees_of(card_request, at=at)
    amount = request.POST.get(AMOUNT)
    if amount not in (None, str(fees.total_fen)):
        return _page(request, card_request, make(), at=at, refusal=another_amount(fees.total_fen))
    if not services.after_shipping(card_request=card_request, by=request.user, at=at):
        return redirect("application:submitted", reference=card_request.reference)
    if amount is None or blocked_in(request, fees.total_fen):
        return redirect("payments:pay", reference=card_request.reference)
    as_saved = partial(payment_pages.check, shown=payment_pages.token(card_request, at=at), at=at)
    return to_cashier(request, card_request, fees, as_shown=as_saved, at=at)


def _page(request, card_request, form, *, at, shown=None, clashes=(), refusal=None):
    """The page; without `shown` nothing was saved, and it carries what it has carried."""
    choice = {name: form[name].value() for name in ("method", "city")}
    if shown is None and not form.is_bound:
        shown = merging.token(form, form, pages.about_shipping(card_request))
    costs = quote(card_request, choice, at=at)
    context = {
        "form": form,
        "shown": shown or request.POST.get(FIELD, ""),
        "clashes": clashes,
        "refusal": refusal,
        "is_paid": is_settled(card_request),
        "known_address": known_address(form),
        "blocked_in": blocked_in(request, costs["total_fen"]),
        "pay_until": last_day_to_pay(card_request) if card_request.awaits_payment else None,
        "money_lines": money_back.of_requests([card_request], at=at).get(card_request.pk, []),
        **costs,
    }
    return leading_to_gateway(render(request, "application/shipping.html", context))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@acting
def withdraw(request, card_request, *, at):
    """撤销申请, before the payment: asks for confirmation, then withdraws. Idempotent."""
    offer = offers(card_request, by=request.user, at=at).of(WITHDRAW)
    if not offer.is_open:
        if not card_request.is_withdrawn:
            messages.error(request, offer.why_not)
        else:
            first.tell(request, card_request)
        return redirect(card_request)
    if request.method != "POST":
        return render(request, "application/withdraw.html", {"card_request": card_request})
    try:
        services.withdraw(card_request=card_request, by=request.user, at=at)
    except Refused as refusal:
        card_request.refresh_from_db()
        if not card_request.is_withdrawn:
            messages.error(request, first.whole(refusal, reader=request.user))
        else:
            first.tell(request, card_request)
    else:
        messages.success(request, "申请已撤销。")
    return redirect(card_request)
