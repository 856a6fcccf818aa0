"""What the first page shows to whom. The admin site has checked for a member of the staff."""

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import timezone

from apps.backoffice.start import charts, work
from apps.backoffice.start.forms import WEEKS, WindowForm
from apps.cards.enums import RequestStatus
from apps.desk import roles
from apps.desk.work import parts_for
from apps.reporting import figures
from apps.review import queue

# The figures and their charts take longer than the rest of the page, and may be a minute old.
KEPT_SECONDS = 60
FIGURES_KEY = "backoffice.start"


def context(request):
    """What waits for those who read cases, with figures; for others the parts of their rooms."""
    at = timezone.now()
    if not request.user.has_perm(roles.READ):
        parts = [(part, part.collect(at)) for part in parts_for(request.user)]
        return {"at": at, "parts": parts}
    shown, drawn = _figures(WindowForm(request.GET).chosen(), at)
    found = work.cards(request, at=at)
    return {
        "at": at,
        "kinds": found,
        "being_amended": queue.being_amended(),
        "amended_url": work.url_of_stage(RequestStatus.NEEDS_AMENDMENT),
        "decisions": work.recent_decisions(request.user),
        "decides": request.user.has_perm(roles.DECIDE),
        "figures": shown,
        "drawn": drawn,
        "choices": WEEKS,
        "nothing_yet": shown.is_empty and not any(card.count for card in found),
    }


def _figures(weeks, at):
    """(the figures, their charts), kept for a minute for all users: no personal data is in them."""

    def collect():
        shown = figures.collect(weeks=weeks, at=at)
        return shown, _drawn(shown)

    return cache.get_or_set(f"{FIGURES_KEY}.{weeks}", collect, KEPT_SECONDS)


def _drawn(shown):
    """The charts of the figures `shown` as HTML."""
    weekly = [(milestone.label, numbers) for milestone, numbers in shown.weekly.items()]
    context = {
        "figures": shown,
        "panels": charts.panels(weekly, shown.mondays),
        "weekly_rows": list(
            zip(shown.mondays, zip(*shown.weekly.values(), strict=True), strict=True)
        ),
        "funnel": charts.funnel(shown.steps),
        "lengths": charts.lengths(shown.lengths, promise_days=settings.REVIEW_WORKING_DAYS),
        "places": charts.places(shown.places),
    }
    return render_to_string("backoffice/start/drawn.html", context)
