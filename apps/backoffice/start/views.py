"""What the first page shows to whom. The admin site has checked for a member of the staff."""

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import timezone

from apps.backoffice.start import charts, request_counts, work
from apps.backoffice.start.forms import WEEKS, WindowForm
from apps.cards.enums import RequestStatus
from apps.common.kept_here import KeptHere
from apps.desk import roles
from apps.desk.absences.policies import asks_why_absent, why_absent
from apps.desk.work import parts_for
from apps.queries.together import read_together
from apps.regions.models.holidays import asks_calendar
from apps.reporting import figures, kept

# The figures and their charts take longer than the rest of the page, and may be a minute old: they
# are kept for all processes, and then in each.
KEPT_SECONDS = 40
KEPT_HERE_SECONDS = 20
FIGURES_KEY = "backoffice.start.drawn"


def context(request):
    """What waits for those who read cases, with figures; for others the parts of their rooms."""
    at = timezone.now()
    if not request.user.has_perm(roles.READ):
        parts = [(part, part.collect(at)) for part in parts_for(request.user)]
        return {"at": at, "parts": parts}
    asked = (asks_calendar(), asks_why_absent(by=request.user, at=at))
    with read_together(*asked, work.asks_recent_decisions(request.user)):
        return _of_cases(request, at)


def _of_cases(request, at):
    drawn = _FIGURES.at(at, WindowForm(request.GET).chosen())
    with kept.counts_with(*work.asks(request.user, at=at)) as counts:
        found = work.cards(request, counts=counts, at=at)
        being_amended = request_counts.being_amended(counts)
    return {
        "at": at,
        "kinds": found,
        "being_amended": being_amended,
        "amended_url": work.url_of_stage(RequestStatus.NEEDS_AMENDMENT),
        "decisions": work.recent_decisions(request.user),
        "decides": request.user.has_perm(roles.DECIDE),
        "away": why_absent(by=request.user, at=at),
        "drawn": drawn,
        # The holidays of a year wait for nobody: they are no case.
        "nothing_yet": drawn["is_empty"] and not any(card.oldest_at for card in found),
    }


def _figures(weeks):
    """{"is_empty": bool, "heading": HTML, "charts": HTML}, kept for all users.

    No personal data is in it, and only plain values are: while an upgrade rolls, two programs read
    the one cache, and neither knows the other's classes.
    """

    def collect():
        return _drawn(figures.collect(weeks=weeks, at=timezone.now()))

    return cache.get_or_set(f"{FIGURES_KEY}.{weeks}", collect, KEPT_SECONDS)


_FIGURES = KeptHere(_figures, seconds=KEPT_HERE_SECONDS)


def _drawn(shown):
    """The figures `shown` with their charts, as _figures() keeps them."""
    weekly = [(milestone.label, numbers) for milestone, numbers in shown.weekly.items()]
    context = {
        "figures": shown,
        "choices": WEEKS,
        "panels": charts.panels(weekly, shown.mondays),
        "weekly_rows": list(
            zip(shown.mondays, zip(*shown.weekly.values(), strict=True), strict=True)
        ),
        "funnel": charts.funnel(shown.steps),
        "lengths": charts.lengths(shown.lengths, promise_days=settings.REVIEW_WORKING_DAYS),
        "places": charts.places(shown.places),
    }
    heading, charts_of_them = (
        render_to_string(f"backoffice/start/{name}.html", context) for name in ("heading", "drawn")
    )
    return {"is_empty": shown.is_empty, "heading": heading, "charts": charts_of_them}
