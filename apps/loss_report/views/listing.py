from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.cards.enums import CardAction
from apps.cards.policies import why_not_replaced_online
from apps.common.addresses import row_url
from apps.common.moments import day_of
from apps.common.pages import page_or_fragment
from apps.loss_report.models import LossReport
from apps.loss_report.offers import offers_of
from apps.loss_report.views.access import visible
from apps.regions import wording
from apps.regions.enums import Service
from apps.regions.models import CityRule

RECORDS_SHOWN = 3
PER_PAGE = 10


@never_cache
@require_safe
def guide(request):
    """办事指南, readable by everybody; after sign-in with the cards and the latest records.

    Somebody with one card is led to what can be done with it.
    """
    at = timezone.now()
    day = day_of(at)
    context: dict = {"rows": [], "records": []}
    rules = CityRule.objects.offering(Service.LOSS_REPORT, day)
    if request.user.is_authenticated:
        cards = list(_cards(request, at))
        rows = _rows(cards, request.user, at)
        if len(rows) == 1 and (only := rows[0]["page"]):
            return redirect(only)
        context = {
            "rows": rows,
            "can_replace": any(not why_not_replaced_online(card.holder, at=at) for card in cards),
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
            "page": _page_of(card, offered),
        }
        for card, offered in found
    ]


def _page_of(card, offered):
    """Where something can be done with `card` now; None without."""
    report = offered.of(CardAction.REPORT_LOSS)
    if report.is_open:
        return report.url
    if offered.of(CardAction.LIFT).is_open:
        return row_url("loss_report:detail", card.reference)
    return None


def _cards(request, at):
    """The cards, those of the user first; cards that can be reported or are come first."""
    cards = visible(request, at).not_retired()
    own_first = F("holder__user").asc(nulls_last=True)
    return cards.order_by(own_first, "holder", "-status_since")


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
