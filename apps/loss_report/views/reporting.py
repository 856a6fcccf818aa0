from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.cards.enums import CardStatus
from apps.cards.policies import why_not_replaced_here
from apps.lifecycle.refusals import NotAllowed
from apps.loss_report import services
from apps.loss_report.forms import AgreedEndForm
from apps.loss_report.natural_days import end_of_suspension
from apps.loss_report.policies import check_reportable
from apps.loss_report.refusals import EndChanged, LossReportRefused
from apps.loss_report.views.access import visible
from apps.people import first
from apps.waiting import card_face


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request, reference):
    """What stops and until when, with the confirmation. Idempotent."""
    at = timezone.now()
    card = get_object_or_404(
        visible(request, at).annotate(times=Count("loss_reports")), reference=reference
    )
    if request.method == "POST":
        form = AgreedEndForm(request.POST)
        agreed_end = form.cleaned_data["ends_at"] if form.is_valid() else None
        return _report(request, card, agreed_end, at=at)
    try:
        check_reportable(card=card, at=at)
    except LossReportRefused as refusal:
        if refusal.code == "suspended":
            return redirect("loss_report:detail", reference=reference)
        return _refused(request, card, refusal)
    return _confirm_page(request, card, at=at)


def _report(request, card, agreed_end, *, at):
    try:
        services.report_loss(card=card, agreed_end=agreed_end, by=request.user, at=at)
    except EndChanged as refusal:
        return _confirm_page(request, card, at=at, refusal=refusal)
    except LossReportRefused as refusal:
        if refusal.code != "suspended":
            return _refused(request, card, refusal)
        first.tell(request, card)
    except NotAllowed as refusal:
        card.refresh_from_db()
        if card.suspension_end(at) is None:
            messages.error(request, first.whole(refusal, reader=request.user))
    else:
        messages.success(request, "已临时挂失，现在不能用于看病、买药。")
    return redirect("loss_report:detail", reference=card.reference)


def _confirm_page(request, card, *, at, refusal=None):
    days = services.days_if_reported(card=card, at=at)
    ends_at = end_of_suspension(at, days)
    not_replaced = why_not_replaced_here(card, at=at)
    context = {
        "card": card,
        "turn": card_face.turned(card, CardStatus.SUSPENDED, until=ends_at, at=at),
        "days": days,
        "ends_at": ends_at,
        "form": AgreedEndForm(initial={"ends_at": ends_at.isoformat()}),
        "not_replaced": not_replaced,
        "can_replace": not not_replaced,
        "refusal": refusal,
    }
    return render(request, "loss_report/report.html", context)


def _refused(request, card, refusal):
    return render(request, "loss_report/refused.html", {"card": card, "refusal": refusal})
