from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.application import services
from apps.application.offers import SHIP, WITHDRAW, offers
from apps.application.views.access import acting, find, is_offered, next_page
from apps.common.refusals import Refused
from apps.delivery.forms import ShipmentForm
from apps.delivery.policies import is_settled
from apps.delivery.views import quote


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@acting
def shipping(request, reference, *, at):
    """收件信息 (manual, figure 21), then on to the payment, or to the progress when none is due."""
    card_request = find(request, reference, at=at)
    if not is_offered(request, card_request, SHIP, at=at):
        return redirect(next_page(request, card_request, at=at))
    form = ShipmentForm(
        request.POST if request.method == "POST" else None, card_request=card_request
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            is_due = services.ship(
                card_request=card_request, **form.cleaned_data, by=request.user, at=at
            )
        except Refused as raised:
            refusal = raised
        else:
            return _after_saving(request, card_request, is_due)
    choice = {name: form[name].value() for name in ("method", "city")}
    context = {
        "form": form,
        "refusal": refusal,
        "is_paid": is_settled(card_request),
        **quote(card_request, choice, at=at),
    }
    return render(request, "application/shipping.html", context)


def _after_saving(request, card_request, is_due):
    if is_due:
        return redirect("payments:pay", reference=card_request.reference)
    messages.success(request, "收件信息已保存。")
    return redirect(card_request)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@acting
def withdraw(request, reference, *, at):
    """撤销申请, before the payment: asks for confirmation, then withdraws. Idempotent."""
    card_request = find(request, reference, at=at)
    offer = offers(card_request, by=request.user, at=at).of(WITHDRAW)
    if not offer.is_open:
        if not card_request.is_withdrawn:
            messages.error(request, offer.why_not)
        return redirect(card_request)
    if request.method != "POST":
        return render(request, "application/withdraw.html", {"card_request": card_request})
    try:
        services.withdraw(card_request=card_request, by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "申请已撤销。")
    return redirect(card_request)
