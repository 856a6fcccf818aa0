from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.application import pages, services
from apps.application.offers import SHIP, WITHDRAW, offers
from apps.application.views.access import acting, find, next_page
from apps.application.views.second import too_late
from apps.common import merging
from apps.common.refusals import Refused
from apps.common.shown import FIELD
from apps.delivery.forms import ShipmentForm
from apps.delivery.policies import TooLateToChange, is_settled
from apps.delivery.views import quote
from apps.people import first


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@acting
def shipping(request, reference, *, at):
    """收件信息 (manual, figure 21), then on to the payment, or to the progress when none is due."""
    card_request = find(request, reference, at=at)
    offer = offers(card_request, by=request.user, at=at).of(SHIP)
    make = partial(ShipmentForm, card_request=card_request, at=at)
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
    who = {"by": request.user, "at": at}
    try:
        merged, is_saved = services.save_address(
            card_request=card_request, make=make, typed=request.POST, **who
        )
        if is_saved:
            is_due = services.after_shipping(card_request=card_request, **who)
            return _after_saving(request, card_request, is_due)
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


def _page(request, card_request, form, *, at, shown=None, clashes=(), refusal=None):
    """The page; without `shown` nothing was saved, and it carries what it has carried."""
    choice = {name: form[name].value() for name in ("method", "city")}
    context = {
        "form": form,
        "shown": shown or request.POST.get(FIELD, ""),
        "clashes": clashes,
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
        card_request.refresh_from_db()
        if not card_request.is_withdrawn:
            messages.error(request, first.whole(refusal, reader=request.user))
    else:
        messages.success(request, "申请已撤销。")
    return redirect(card_request)
