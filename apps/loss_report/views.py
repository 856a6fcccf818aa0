from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, F
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.cards import errands as card_errands
from apps.cards.enums import CardAction
from apps.cards.models import Card
from apps.cards.permissions import reads_all_cases
from apps.cards.policies import why_not_replaced_online
from apps.common.moments import day_of
from apps.common.pages import page_or_fragment
from apps.common.refusals import Refused
from apps.common.typed_again import posted_from
from apps.lifecycle.refusals import NotAllowed
from apps.loss_report import services
from apps.loss_report.forms import AgreedEndForm, MomentForm
from apps.loss_report.models import LossReport
from apps.loss_report.natural_days import end_of_suspension, time_left
from apps.loss_report.offers import offers, offers_of
from apps.loss_report.policies import check_reportable
from apps.loss_report.refusals import EndChanged, LossReportRefused
from apps.loss_report.usable import answer
from apps.people import first
from apps.regions import wording
from apps.regions.enums import Service
from apps.regions.models import CityRule
from apps.verification.refusals import CheckRefused

RECORDS_SHOWN = 3
PER_PAGE = 10
LIFTED = "已解除挂失，这张卡恢复正常，可以使用。"


@never_cache
@require_safe
def guide(request):
    """办事指南, readable by everybody; after sign-in with the cards and the latest records."""
    at = timezone.now()
    day = day_of(at)
    context: dict = {"rows": [], "records": []}
    rules = CityRule.objects.offering(Service.LOSS_REPORT, day)
    if request.user.is_authenticated:
        cards = list(_cards(request, at))
        context = {
            "rows": _rows(cards, request.user, at),
            "records": _with_ends(_reports(request, at)[:RECORDS_SHOWN], at),
        }
        if cards:
            rules = CityRule.objects.in_force(day).filter(city__in={card.city_id for card in cards})
    context["terms"] = wording.ranges(rules)
    return render(request, "loss_report/guide.html", context)


def _rows(cards, user, at):
    """Each card with what it is now, and the offer to report a loss of it."""
    found = zip(cards, offers_of(cards, by=user, at=at), strict=True)
    return [
        {
            "card": card,
            "status": card.status_at(at),
            "suspension_end": card.suspension_end(at),
            "offer": offered.of(CardAction.REPORT_LOSS),
        }
        for card, offered in found
    ]


def _visible(request, at):
    cards = Card.objects.visible_to(request.user, at=at)
    return cards.select_related("holder", "city__province", "bank")


def _cards(request, at):
    """The cards, those of the user first; cards that can be reported or are come first."""
    cards = _visible(request, at).not_retired()
    own_first = F("holder__user").asc(nulls_last=True)
    return cards.order_by(own_first, "holder__birth_date", "-status_since")


def _reports(request, at):
    reports = LossReport.objects.visible_to(request.user, at=at)
    return reports.select_related("card__holder").order_by("-pk")


def _with_ends(reports, at):
    return [(report, report.end(at)) for report in reports]


@login_required
@require_safe
def records(request):
    """挂失记录, the newest first; asked by htmx, the next ones to add at the foot of the list."""
    at = timezone.now()
    page = Paginator(_reports(request, at), PER_PAGE).get_page(request.GET.get("page"))
    return page_or_fragment(
        request,
        page="loss_report/records.html",
        fragment="loss_report/_records.html",
        context={"page": page, "records": _with_ends(page, at)},
    )


@login_required
@require_safe
def detail(request, reference):
    """The loss that is running, with the time left by the server's clock, or how it ended."""
    at = timezone.now()
    card = get_object_or_404(_visible(request, at), reference=reference)
    reports = list(card.loss_reports.order_by("-pk"))
    offered = offers(card, by=request.user, at=at)
    suspension_end = card.suspension_end(at)
    if not reports and suspension_end is None:
        return redirect("loss_report:report", reference=reference)
    context = {
        "card": card,
        "status": card.status_at(at),
        "suspension_end": suspension_end,
        "report": offered.of(CardAction.REPORT_LOSS),
        "lift": offered.of(CardAction.LIFT),
        "not_replaced": why_not_replaced_online(card.holder, at=at),
        "times": len(reports),
        "end": reports[0].end(at) if reports else None,
        "now": at,
    }
    if suspension_end is not None:
        context["time_left"] = time_left(suspension_end - at)
        context["elsewhere"] = _elsewhere(card, request, at=at)
    return render(request, "loss_report/detail.html", context)


def _elsewhere(card, request, *, at):
    """What another matter does with `card` already, such as a formal loss; else None."""
    found = card_errands.of_cards([card], by=request.user, at=at)
    return next((errand for errand in found if errand.url != request.path), None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request, reference):
    """What stops and until when, with the confirmation. Idempotent."""
    at = timezone.now()
    card = get_object_or_404(
        _visible(request, at).annotate(times=Count("loss_reports")), reference=reference
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
    except NotAllowed as refusal:
        card.refresh_from_db()
        if card.suspension_end(at) is None:
            messages.error(request, first.whole(refusal, reader=request.user))
    else:
        messages.success(request, "已临时挂失，这张卡现在不能在医院、药店使用。")
    return redirect("loss_report:detail", reference=card.reference)


def _confirm_page(request, card, *, at, refusal=None):
    days = services.days_if_reported(card=card, at=at)
    ends_at = end_of_suspension(at, days)
    context = {
        "card": card,
        "days": days,
        "ends_at": ends_at,
        "form": AgreedEndForm(initial={"ends_at": ends_at.isoformat()}),
        "not_replaced": why_not_replaced_online(card.holder, at=at),
        "refusal": refusal,
    }
    return render(request, "loss_report/report.html", context)


def _refused(request, card, refusal):
    return render(request, "loss_report/refused.html", {"card": card, "refusal": refusal})


@login_required
@posted_from("loss_report:lift")
def verify(request, reference):
    """Begin the identity check that lifting asks for."""
    at = timezone.now()
    card = get_object_or_404(_visible(request, at), reference=reference)
    try:
        check = services.begin_check(card=card, by=request.user, at=at)
    except Refused as refusal:
        messages.info(request, first.whole(refusal, reader=request.user))
        return redirect("loss_report:detail", reference=reference)
    return redirect("verification:start", reference=check.reference)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lift(request, reference):
    """解除挂失: first the identity check, then one confirmation."""
    at = timezone.now()
    card = get_object_or_404(_visible(request, at), reference=reference)
    if request.method != "POST":
        if card.suspension_end(at) is None:
            return redirect("loss_report:detail", reference=reference)
        is_verified = services.is_verified(card=card, by=request.user, at=at)
        context = {"card": card, "status": card.status_at(at), "is_verified": is_verified}
        return render(request, "loss_report/lift.html", context)
    try:
        services.lift(card=card, by=request.user, at=at)
    except CheckRefused as refusal:
        card.refresh_from_db()
        # Of several at the same moment one lifts, and uses up the check; all see that it is done.
        if card.suspension_end(at) is not None:
            messages.error(request, first.whole(refusal, reader=request.user))
            return redirect("loss_report:lift", reference=reference)
        messages.success(request, LIFTED)
    except Refused as refusal:
        messages.info(request, first.whole(refusal, reader=request.user))
    else:
        messages.success(request, LIFTED)
    return redirect("loss_report:detail", reference=reference)


@login_required
@require_safe
def usable(request, reference):
    """此刻这张卡能否使用, to print: for the holder, the guardians, and staff who read cases."""
    now = timezone.now()
    if reads_all_cases(request.user):
        cards = Card.objects.select_related("holder", "city__province", "bank")
    else:
        cards = _visible(request, now)
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
