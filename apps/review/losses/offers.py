"""What a reviewer may decide about a formal loss now."""

from functools import partial

from apps.cards.enums import CardAction
from apps.common.addresses import row_url
from apps.desk.claims.policies import check_held, open_decisions
from apps.events.enums import Role
from apps.lifecycle import engine
from apps.lifecycle.offers import Offers, known, offer
from apps.replacement.enums import FormalLossAction
from apps.replacement.policies import check_withdrawable

_WORDS = {
    FormalLossAction.CONFIRM: "确认正式挂失",
    FormalLossAction.REFUSE: "不确认",
    FormalLossAction.WITHDRAW: "撤销正式挂失",
}
# The card moves along, so its table has to allow that, too.
_OF_THE_CARD = {
    FormalLossAction.CONFIRM: CardAction.CONFIRM_LOSS,
    FormalLossAction.WITHDRAW: CardAction.WITHDRAW_LOSS,
}


def decisions(loss, hold, *, by, at, is_typed=False) -> Offers:
    """The decisions that the table has for the status of `loss`; none when it is over.

    `hold` is the `Hold` of `by`. `is_typed` says that a form was typed before the claim was lost:
    it may still be corrected and sent. Select `card` along.
    """
    return Offers(
        offer(
            loss,
            action,
            words=_WORDS[action],
            url=row_url(f"admin:replacement_formalloss_{action.lower()}", loss.reference),
            role=Role.REVIEWER,
            at=at,
            checks=_checks(loss, action, hold, by=by, at=at, is_typed=is_typed),
            is_main=action == FormalLossAction.CONFIRM,
            is_post=True,
        )
        for action in open_decisions(loss, at=at)
    )


def _checks(loss, action, hold, *, by, at, is_typed):
    yield known(hold.barred)
    if action == FormalLossAction.WITHDRAW:
        yield partial(check_withdrawable, card=loss.card)
    if action in _OF_THE_CARD:
        move = _OF_THE_CARD[action]
        yield partial(engine.check_allowed, loss.card, move, role=Role.REVIEWER, at=at)
    if not is_typed:
        yield partial(check_held, hold.claim, by=by, at=at)
