"""Identity checks that were passed, without the pages that lead there."""

from apps.cards.permissions import role_of
from apps.events.enums import Channel
from apps.lifecycle import engine
from apps.verification import services
from apps.verification.enums import CheckAction, Method, Outcome


def pass_check(*, holder, by, purpose, at, card_request=None):
    """A check of `by` for `holder` that was passed at `at` and is not used yet."""
    check = services.begin(
        holder=holder, by=by, purpose=purpose, card_request=card_request, next_url="/", at=at
    )
    engine.move(
        check,
        CheckAction.PASS,
        by=by,
        role=role_of(by, holder, at=at),
        at=at,
        channel=Channel.WEB,
        outcome=Outcome.PASSED,
        method=Method.CODE,
        decided_at=at,
    )
    return check
