"""What can be done with a dry run."""

from functools import partial

from apps.cards.permissions import check_is_reviewer
from apps.common.addresses import row_url
from apps.events.enums import Role
from apps.lifecycle import engine
from apps.lifecycle.offers import Offers, offer, offer_without_move
from apps.onboarding import policies
from apps.onboarding.enums import ReminderOutcome, ReminderRunAction

DISCARD = "DISCARD"  # deletes the dry run; not a move


def offers(run, *, by, at, counts) -> Offers:
    """The offers of `run` for `by`. `counts` are those of its rows."""
    if not engine.is_allowed(run, ReminderRunAction.START, role=Role.REVIEWER, at=at):
        return Offers()
    waiting = counts.get(ReminderOutcome.WAITING, 0)
    own = (partial(check_is_reviewer, by), partial(policies.check_own, run, by=by))
    start = offer(
        run,
        ReminderRunAction.START,
        words=f"提醒这 {waiting} 人",
        url=_url(run, ReminderRunAction.START),
        role=Role.REVIEWER,
        at=at,
        checks=(
            *own,
            partial(policies.check_fresh, run, at=at),
            partial(policies.check_has_rows, waiting),
        ),
        is_main=True,
        is_post=True,
    )
    discard = offer_without_move(
        DISCARD, words="不提醒了", url=_url(run, DISCARD), checks=own, is_post=True
    )
    return Offers([start, discard])


def _url(run, action):
    return row_url(f"admin:onboarding_reminderrun_{action.lower()}", run.reference)
