"""启用: a sealed card becomes a usable one, once, after an identity check."""

from django.db import transaction

from apps.activation.policies import awaits_receipt, check_activatable
from apps.cards.enums import CardAction, RequestAction
from apps.cards.permissions import role_of
from apps.common.addresses import row_url
from apps.events.enums import Channel
from apps.lifecycle import engine
from apps.lifecycle.refusals import Overtaken
from apps.verification import services as verification
from apps.verification.enums import Purpose


def begin_check(*, card, by, at):
    """Begin the identity check of an activation. Raises `NotYours`, `ActivationRefused`."""
    check_activatable(card=card, at=at)
    return verification.begin(
        holder=card.holder,
        by=by,
        purpose=Purpose.ACTIVATE,
        card_request=None,
        next_url=row_url("activation:start", card.reference),
        at=at,
    )


@transaction.atomic
def activate(*, card, by, at):
    """Make `card` usable, using up one identity check.

    Whoever activates a card has it, so for a card that is still 已发出 the receipt is confirmed in
    the same transaction. Raises `NotYours`, `ActivationRefused`, `CheckRefused`, `Overtaken`; the
    check is then not used up.
    """
    role = role_of(by, card.holder, at=at)
    check_activatable(card=card, at=at)
    verification.use(holder=card.holder, by=by, purpose=Purpose.ACTIVATE, card_request=None, at=at)
    if awaits_receipt(card):
        _confirm_receipt(card.card_request, by=by, role=role, at=at)
    engine.move(card, CardAction.ACTIVATE, by=by, role=role, at=at, channel=Channel.WEB)


def _confirm_receipt(card_request, *, by, role, at):
    try:
        engine.move(
            card_request, RequestAction.COLLECT, by=by, role=role, at=at, channel=Channel.WEB
        )
    except Overtaken:
        # The worker, or the same person on another page, has just confirmed it.
        if not card_request.is_collected:
            raise
