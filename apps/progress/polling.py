"""How often an open progress page polls: more often while something is about to happen."""

from datetime import timedelta

from apps.requests.policies import recallable_until

# (time since the last move, seconds until the next poll); the first line that fits counts.
PACE = (
    (timedelta(minutes=3), 3),
    (timedelta(minutes=15), 15),
)
SLOWEST = 60


def interval(card_request, *, at, has_money=False):
    """Seconds until the page asks again, or None when nothing will change any more.

    `has_money`: money for the request may still arrive or go back, also after its end.
    """
    until = recallable_until(card_request)
    if card_request.is_final and (until is None or until <= at):
        return SLOWEST if has_money else None
    return pace(card_request, at=at)


def pace(card_request, *, at):
    """Seconds between two polls of a page on which something may still happen."""
    since = at - card_request.status_since
    return next((seconds for limit, seconds in PACE if since < limit), SLOWEST)
