"""The decision page of a formal loss and its buttons.

The admin site wraps each view: only members of the staff may open it, and no cache stores it.
"""

from django.contrib import admin, messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.cards.policies import why_not_replaced_here
from apps.common.refusals import Refused
from apps.desk.claims import walk
from apps.desk.claims.live import with_marks
from apps.desk.claims.offers import hold_of
from apps.desk.claims.refusals import HeldByOther, NotClaimed
from apps.desk.claims.views import Desk
from apps.desk.colleagues import told
from apps.desk.gates import readers_only, reviewers_only
from apps.desk.looking.services import open_claimed
from apps.people.permissions import without_party
from apps.replacement.enums import FormalLossAction, FormalLossStatus
from apps.replacement.lateness import decision_day
from apps.replacement.models import FormalLoss
from apps.replacement.policies import awaits_decision
from apps.review.losses import offers, services
from apps.review.losses.forms import (
    LossConfirmForm,
    LossDecisionForm,
    LossRefuseForm,
    LossWithdrawForm,
)
from apps.review.wording import REGISTERED
from apps.unsent import typed_again
from apps.unsent.merging import said
from apps.unsent.typed_again import posted_from

FORMS: dict[FormalLossAction, type[LossDecisionForm]] = {
    FormalLossAction.CONFIRM: LossConfirmForm,
    FormalLossAction.REFUSE: LossRefuseForm,
    FormalLossAction.WITHDRAW: LossWithdrawForm,
}
DONE = {
    "confirm": "已确认正式挂失，这张卡已停用。",
    "refuse": "没有确认，登记人会看到原因。",
    "withdraw": "已撤销正式挂失，这张卡恢复正常。",
}


TEMPLATES = {
    FormalLossAction.CONFIRM: "review/losses/confirm.html",
    FormalLossAction.REFUSE: "review/losses/refuse.html",
    FormalLossAction.WITHDRAW: "review/losses/withdraw.html",
}
# The single key that leads to the decision.
KEYS = {
    FormalLossAction.CONFIRM: "a",
    FormalLossAction.REFUSE: "r",
    FormalLossAction.WITHDRAW: "w",
}
PLACES = (("d", "登记的内容"), ("h", "这张卡的办理记录"))
WHAT_IS_DISCLOSED = "登记人的手机号"
NOT_HELD = (NotClaimed, HeldByOther)


def waiting_for(user):
    """The declarations that `user` may decide, the oldest first: neither own nor a child's."""
    return without_party(FormalLoss.objects.waiting(), user).order_by("declared_at", "pk")


def _get(reference):
    related = with_marks(FormalLoss.objects.all()).select_related(
        "card__holder__user",
        "card__city__province",
        "card__bank",
        "declared_by__holder",
    )
    return get_object_or_404(related, reference=reference)


@readers_only
@require_safe
def detail(request, reference):
    bound = typed_again.bound(FORMS.values())
    seen_since = bound and bound["seen_since"].value()
    at = timezone.now()
    return _page(request, _get(reference), at=at, bound=bound, seen_since=seen_since)


def listed(query, *, by, at):
    """The `Listed` declarations of the list with the query string `query`, for `by`."""
    return walk.by_state(
        query,
        opens_on=FormalLossStatus.WAITING,
        waiting=waiting_for(by),
        since="declared_at",
        by=by,
        at=at,
    )


def _page(
    request,
    loss,
    *,
    at,
    bound=None,
    seen_since=None,
    is_disclosed=False,
    **posted,
):
    """The page; `bound` is a form that was posted and did not pass, `seen_since` what it saw."""
    card = loss.card
    events = card.events.select_related("by__holder")
    others = card.formal_losses.exclude(pk=loss.pk).order_by("-pk")
    hold = hold_of(loss, by=request.user, at=at)
    decisions = offers.decisions(loss, hold, by=request.user, at=at, is_typed=bound is not None)
    forms = {offer.action: FORMS[offer.action]() for offer in decisions.open}
    forms |= {action: bound for action in forms if isinstance(bound, FORMS[action])}
    is_over = bound is not None and bound not in forms.values()
    handling = loss.handling_at(at)
    is_opened = hold.is_mine and not is_disclosed and not handling.is_handed_over
    if is_opened:
        open_claimed(
            subject=loss,
            what=WHAT_IS_DISCLOSED,
            reason=REGISTERED,
            since=hold.claim.claimed_at,
            by=request.user,
            at=at,
        )
    # Decisions that stay closed even after claiming the loss.
    obstacles = [offer for offer in decisions.closed if not isinstance(offer.refusal, NOT_HELD)]
    context = {
        **admin.site.each_context(request),
        "title": f"正式挂失 {loss.reference}",
        "loss": loss,
        "card": card,
        "handling": handling,
        "promised": decision_day(loss, at=at) if awaits_decision(card, loss, at=at) else None,
        "status": card.status_at(at),
        "not_replaced": why_not_replaced_here(card, at=at),
        "suspension_end": card.suspension_end(at),
        "events": events.order_by("pk"),
        "is_disclosed": is_disclosed or is_opened,
        "is_opened": is_opened,
        "decided": loss.events.select_related("by__holder")[1:],
        "others": others,
        "hold": hold,
        "decisions": decisions,
        "typed": said(bound) if is_over else [],
        "choices": [
            {
                "offer": offer,
                "form": forms[offer.action],
                "template": TEMPLATES[offer.action],
                "key": KEYS[offer.action],
            }
            for offer in decisions.open
        ],
        "obstacles": obstacles,
        "is_hopeless": len(obstacles) == len(decisions),
        "seen_since": seen_since or card.status_since.isoformat(),
        **DESK.around(request, loss, hold, at=at, **posted),
    }
    return render(request, "review/loss.html", context)


DESK = Desk(
    prefix="replacement_formalloss",
    get=_get,
    listed=listed,
    show=_page,
    discloses=lambda: WHAT_IS_DISCLOSED,
    places=PLACES,
)


def _decide(request, reference, name, form, verb):
    loss = _get(reference)
    at = timezone.now()
    if not form.is_valid():
        seen_since = form["seen_since"].value()
        return _page(request, loss, at=at, bound=form, seen_since=seen_since)
    try:
        verb(loss=loss, **form.cleaned_data, by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        return _page(request, _get(reference), at=at, bound=form)
    messages.success(request, DONE[name])
    return DESK.go_on(request, at=at, after=loss)


@reviewers_only
@posted_from("admin:replacement_formalloss_change")
def confirm(request, reference):
    return _decide(request, reference, "confirm", LossConfirmForm(request.POST), services.confirm)


@reviewers_only
@posted_from("admin:replacement_formalloss_change")
def refuse(request, reference):
    return _decide(request, reference, "refuse", LossRefuseForm(request.POST), services.refuse)


@reviewers_only
@posted_from("admin:replacement_formalloss_change")
def withdraw(request, reference):
    return _decide(
        request, reference, "withdraw", LossWithdrawForm(request.POST), services.withdraw
    )
