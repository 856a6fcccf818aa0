from functools import partial

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.cards.enums import CardStatus
from apps.common.addresses import row_url
from apps.common.pages import whole
from apps.common.refusals import Refused
from apps.loss_report import pages, services
from apps.loss_report.policies import check_liftable
from apps.loss_report.views.access import visible
from apps.people import first
from apps.unsent.shown import FIELD, NotAsShown
from apps.verification.enums import Purpose
from apps.verification.panel import CheckPanel, asks_who_it_is
from apps.verification.refusals import CheckRefused
from apps.waiting import card_face

LIFTED = "已解除挂失，卡恢复正常，现在就能用。"


@asks_who_it_is
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lift(request, reference):
    """解除挂失: the identity check and the confirmation on one page. Idempotent."""
    at = timezone.now()
    card = get_object_or_404(visible(request, at), reference=reference)
    panel = CheckPanel(
        request,
        holder=card.holder,
        purpose=Purpose.LOSS_REPORT,
        card_request=None,
        begin=partial(services.begin_check, card=card, by=request.user, at=at),
        at=at,
    )
    if request.method == "POST" and not panel.is_sending:
        return _lift(request, card, panel, at=at)
    if card.suspension_end(at) is None:
        return whole(request, redirect("loss_report:detail", reference=reference))
    return _lift_page(card, panel, at=at)


def _lift(request, card, panel, *, at):
    try:
        check_liftable(card=card, at=at)  # before a code is used up
        is_done = panel.prove()
        if is_done:
            services.lift(card=card, shown=request.POST.get(FIELD, ""), by=request.user, at=at)
    except CheckRefused as refusal:
        is_done, panel.refusal = False, refusal
    except NotAsShown as refusal:
        return _lift_page(card, panel, at=at, refusal=refusal)
    except Refused as refusal:
        messages.info(request, first.whole(refusal, reader=request.user))
        return redirect("loss_report:detail", reference=card.reference)
    if not is_done:
        card.refresh_from_db()
        # Of several at the same moment one lifts, and uses up the check; all see that it is done.
        if card.suspension_end(at) is not None:
            return _lift_page(card, panel, at=at)
    receipt = row_url("loss_report:detail", card.reference)
    messages.success(request, LIFTED, extra_tags=receipt)
    return redirect(_home_of(card.holder, request.user))


def _home_of(holder, user):
    """The first page with the card of `holder`, which is restored there."""
    home = resolve_url(settings.LOGIN_REDIRECT_URL)
    return home if holder.user_id == user.pk else f"{home}?person={holder.reference}"


def _lift_page(card, panel, *, at, refusal=None):
    context = {
        "card": card,
        "turn": card_face.turned(card, CardStatus.ACTIVE, at=at),
        "shown": pages.SUSPENSION.token(card),
        "refusal": refusal,
    }
    return panel.page("loss_report/lift.html", context)
