"""Formal losses, and the replacements that follow them, through the services."""

from datetime import timedelta

from apps.cards.enums import CardStatus, ReplacementReason
from apps.common.moments import day_of
from apps.replacement import services
from apps.requests.services import save_draft
from apps.verification.enums import Purpose
from tests.factories.cards import AT, COMPLETE, make_card
from tests.factories.checks import pass_check
from tests.factories.people import make_reviewer
from tests.factories.recorded import recorded

DAY = timedelta(days=1)
# The day after the card of the factories was made and activated.
DECLARED = AT + DAY


def declare(card, *, by=None, at=DECLARED, **values):
    fields = {"lost_date": day_of(at), "place": "校园班车上", "receipt_number": ""} | values
    return services.declare(card=card, **fields, by=by or card.holder.user, at=at)


@recorded
def make_formal_loss(*, card=None, status=CardStatus.ACTIVE, at=DECLARED, **options):
    """A declaration that waits for a reviewer, of the day after the card was made."""
    return declare(card or make_card(status, at=at - DAY), at=at, **options)


def confirm(loss, *, by=None, at=DECLARED + timedelta(hours=2)):
    """A reviewer, `by` or a new one, confirms the declaration `loss`."""
    services.confirm(loss=loss, by=by or make_reviewer(), at=at)


@recorded
def make_lost_card(*, at=DECLARED, **options):
    """A card of the day before `at`, when its loss was declared; confirmed an hour later."""
    loss = declare(make_card(CardStatus.ACTIVE, at=at - DAY, **options), at=at)
    confirm(loss, at=at + timedelta(hours=1))
    return loss.card


@recorded
def make_replacement_draft(*, card=None, at=DECLARED + DAY, reason=ReplacementReason.LOST):
    """A complete draft of a verified holder that replaces `card`, or a new lost one."""
    card = card or make_lost_card(at=at - DAY)
    user = card.holder.user
    draft = services.open_draft(
        card=card, reason=reason, city=card.city, bank=card.bank, by=user, at=at
    )
    save_draft(card_request=draft, values=COMPLETE, by=user, at=at)
    pass_check(holder=card.holder, by=user, purpose=Purpose.REPLACE, card_request=draft, at=at)
    draft.refresh_from_db()
    return draft
