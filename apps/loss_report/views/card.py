from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.cards import errands as card_errands
from apps.cards.enums import CardAction
from apps.cards.models import Card
from apps.cards.permissions import reads_all_cases
from apps.cards.policies import why_not_replaced_here
from apps.common.pages import page_or_fragment
from apps.events.models import Event
from apps.loss_report.enums import LossReportAction
from apps.loss_report.forms import MomentForm
from apps.loss_report.natural_days import time_left
from apps.loss_report.offers import offers
from apps.loss_report.receipts import of_report
from apps.loss_report.usable import answer
from apps.loss_report.views.access import visible
from apps.seals import services as seals
from apps.waiting import card_face


@login_required
@require_safe
def detail(request, reference):
    """The loss that is running, with the time left by the server's clock, or how it ended."""
    at = timezone.now()
    card = get_object_or_404(visible(request, at), reference=reference)
    reports = list(card.loss_reports.order_by("-pk"))
    offered = offers(card, by=request.user, at=at)
    suspension_end = card.suspension_end(at)
    if not reports and suspension_end is None:
        return redirect("loss_report:report", reference=reference)
    context = {
        "card": card,
        "face": card_face.of_card(card, at=at),
        "status": card.status_at(at),
        "suspension_end": suspension_end,
        "report": offered.of(CardAction.REPORT_LOSS),
        "lift": offered.of(CardAction.LIFT),
        "not_replaced": why_not_replaced_here(card, at=at),
        "times": len(reports),
        "now": at,
        "receipt": _receipt(reports[0], card, at=at) if reports else None,
    }
    if suspension_end is not None:
        context["time_left"] = time_left(suspension_end - at)
        context["elsewhere"] = _elsewhere(card, request, at=at)
    return render(request, "loss_report/detail.html", context)


def _receipt(report, card, *, at):
    event = Event.objects.of(report).filter(action=LossReportAction.REPORT).get()
    proof = seals.proof_address(event=event, at=at)
    return of_report(report, card=card, proof=proof, at=at)


def _elsewhere(card, request, *, at):
    """What another matter does with `card` already, such as a formal loss; else None."""
    found = card_errands.of_cards([card], by=request.user, at=at)
    others = (one for one in found if one.ends_at is None and not one.is_way_out)
    return next(others, None)


@login_required
@require_safe
def usable(request, reference):
    """此刻这张卡能否使用, to print: for the holder, the guardians, and staff who read cases."""
    now = timezone.now()
    if reads_all_cases(request.user):
        cards = Card.objects.select_related("holder", "city__province", "bank")
    else:
        cards = visible(request, now)
    card = get_object_or_404(cards, reference=reference)
    form = MomentForm(request.GET or None, now=now, initial={"at": now})
    context = {"card": card, "form": form, "now": now, "answer": None}
    if not form.is_bound or form.is_valid():
        events = list(card.events)
        moment = form.cleaned_data["at"] if form.is_bound else now
        context["answer"] = answer(card, events, moment)
    return page_or_fragment(
        request,
        page="loss_report/usable.html",
        fragment="loss_report/_answer.html",
        context=context,
    )
