from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.cards.enums import CardAction
from apps.cards.policies import openness_where_issued, why_not_replaced_here
from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.common.rules import rule_text
from apps.people import first
from apps.regions.enums import Service
from apps.replacement import pages, services
from apps.replacement.enums import FormalLossAction, FormalLossStatus
from apps.replacement.forms import DeclarationForm
from apps.replacement.lateness import decision_day
from apps.replacement.offers import BEGIN, offers
from apps.replacement.policies import awaits_decision, check_declarable
from apps.replacement.refusals import FormalLossRefused
from apps.replacement.views.access import find
from apps.unsent.merging import said
from apps.unsent.shown import FIELD, NotAsShown
from apps.unsent.typed_again import posted_from

# Status → colour and words of the note about a declaration.
SAID = {
    FormalLossStatus.WAITING: {"tone": "i", "page": "replacement/losses/waiting.html"},
    FormalLossStatus.CONFIRMED: {"tone": "ok", "page": "replacement/losses/confirmed.html"},
    FormalLossStatus.REFUSED: {"tone": "bad", "page": "replacement/losses/refused.html"},
    FormalLossStatus.WITHDRAWN: {"tone": "i", "page": "replacement/losses/withdrawn.html"},
}


@login_required
@require_safe
def detail(request, reference):
    """The latest declaration: its status, who has to act, and what can be done now."""
    at = timezone.now()
    card = find(request, reference, at=at)
    loss = card.formal_losses.order_by("-pk").first()
    if loss is None:
        return redirect("replacement:declare", reference=reference)
    return _loss_page(request, card, loss, at=at)


def _loss_page(request, card, loss, *, at, refusal=None):
    offered = offers(card, by=request.user, at=at)
    decisions = loss.events[1:]
    context = {
        "card": card,
        "status": card.status_at(at),
        "suspension_end": card.suspension_end(at),
        "is_replaced": card.is_over(at),
        "promised": decision_day(loss, at=at) if awaits_decision(card, loss, at=at) else None,
        "loss": loss,
        "operator": settings.PORTAL_OPERATOR["contact"],
        "said": SAID[FormalLossStatus(loss.status)],
        "decisions": decisions,
        "was_confirmed": len(decisions) > 1,
        "closed": why_not_replaced_here(card, at=at),
        "begin": offered.of(BEGIN),
        "declare": offered.of(FormalLossAction.DECLARE),
        "take_back": offered.of(FormalLossAction.TAKE_BACK),
        "shown": pages.DECLARATION.token(loss),
        "refusal": refusal,
    }
    return render(request, "replacement/loss.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request, reference):
    """登记正式挂失: what it means, and the declaration. Idempotent."""
    at = timezone.now()
    card = find(request, reference, at=at)
    form = DeclarationForm(
        request.POST if request.method == "POST" else None,
        at=at,
        issued_date=_issued_date(card),
    )
    try:
        check_declarable(card=card, at=at)
        if request.method == "POST" and form.is_valid():
            services.declare(card=card, **form.declaration(), by=request.user, at=at)
            messages.success(
                request, f"正式挂失已登记，审核老师{rule_text('REVIEW_WORKING_DAYS')}内确认。"
            )
            return redirect("replacement:loss", reference=reference)
    except FormalLossRefused as refusal:
        typed = said(form) if form.is_bound else []
        if refusal.code == "declared" and (
            not typed or _is_repeated(form, refusal.row, request.user)
        ):
            return redirect("replacement:loss", reference=reference)
        context = {"card": card, "refusal": refusal, "typed": typed}
        return render(request, "replacement/refused.html", context)
    context = {
        "card": card,
        "status": card.status_at(at),
        "form": form,
        "closed": why_not_replaced_here(card, at=at),
        "is_stopped": card.suspension_end(at) is not None,
        "is_stopped_online": openness_where_issued([card], Service.LOSS_REPORT, at=at)[
            card.city_id
        ].is_open,
    }
    return render(request, "replacement/declare.html", context)


def _is_repeated(form, loss, user):
    """Whether `loss` is what `form` declares, by the same user: a second click."""
    if loss is None or loss.declared_by_id != user.pk or not form.is_valid():
        return False
    return all(getattr(loss, name) == value for name, value in form.declaration().items())


def _issued_date(card):
    issued = card.events.filter(action=CardAction.ISSUE).first()
    return day_of(issued.due_at or issued.at) if issued else None


@login_required
@posted_from("replacement:loss")
def take_back(request, reference):
    """撤回登记, while nobody has decided. Idempotent."""
    at = timezone.now()
    card = find(request, reference, at=at)
    loss = card.formal_losses.order_by("-pk").first()
    if loss is not None and not loss.is_withdrawn:
        try:
            shown = request.POST.get(FIELD, "")
            services.take_back(loss=loss, shown=shown, by=request.user, at=at)
        except NotAsShown as refusal:
            return _loss_page(request, card, loss, at=at, refusal=refusal)
        except Refused as refusal:
            messages.error(request, first.whole(refusal, reader=request.user))
        else:
            messages.success(request, "已撤回登记，社保卡照常使用。")
    return redirect("replacement:loss", reference=reference)
