"""What the first page shows to whom. The admin site has checked for a member of the staff."""

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from apps.backoffice.start import charts, work
from apps.backoffice.start.forms import WEEKS, WindowForm
from apps.desk import roles
from apps.reporting import figures
from apps.review import queue

# The figures take longer than the rest of the page, and may be a minute old.
KEPT_SECONDS = 60
FIGURES_KEY = "review.start"


def context(request):
    """The parts of the page. Without the permission to read cases they contain no figures."""
    if not request.user.has_perm(roles.READ):
        return {}
    at = timezone.now()
    shown = _figures(WindowForm(request.GET).chosen(), at)
    found = work.cards(request, at=at)
    return {
        "at": at,
        "kinds": found,
        "being_amended": queue.being_amended(),
        "decisions": work.recent_decisions(request.user),
        "decides": request.user.has_perm(roles.DECIDE),
        "figures": shown,
        "choices": WEEKS,
        "panels": charts.panels(
            [(milestone.label, numbers) for milestone, numbers in shown.weekly.items()],
            shown.mondays,
        ),
        "weekly_rows": list(
            zip(shown.mondays, zip(*shown.weekly.values(), strict=True), strict=True)
        ),
        "funnel": charts.funnel(shown.steps),
        "lengths": charts.lengths(shown.lengths, promise_days=settings.REVIEW_WORKING_DAYS),
        "places": charts.places(shown.places),
        "nothing_yet": shown.is_empty and not any(card.count for card in found),
    }


def _figures(weeks, at):
    """The figures, cached for a minute for all users: they contain no personal data."""
    return cache.get_or_set(
        f"{FIGURES_KEY}.{weeks}", lambda: figures.collect(weeks=weeks, at=at), KEPT_SECONDS
    )
