"""What somebody may do with what they agreed to."""

from functools import partial

from apps.common.addresses import page_url
from apps.lifecycle.offers import Offer, offer_without_move
from apps.people import policies
from apps.people.event_kinds import ConsentAction


def to_withdraw(consent) -> Offer:
    """The offer to take `consent` back, one of the user's own."""
    return offer_without_move(
        ConsentAction.WITHDRAW,
        words="撤回同意",
        url=page_url("account:withdraw"),
        checks=(partial(policies.check_standing, consent),),
        is_post=True,
    )
