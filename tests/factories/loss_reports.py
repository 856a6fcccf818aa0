"""Temporary losses, reported through the service."""

from apps.cards.enums import CardStatus
from apps.loss_report import services
from tests.factories.cards import make_card
from tests.factories.recorded import recorded


def report(card, *, at, by=None):
    """Report a loss of `card` by its holder, or by `by`, having agreed to the end."""
    return services.report_loss(
        card=card,
        agreed_end=services.end_if_reported(card=card, at=at),
        by=by or card.holder.user,
        at=at,
    )


@recorded
def make_loss_report(*, at, card=None, by=None):
    card = card or make_card(CardStatus.ACTIVE)
    return report(card, at=at, by=by)
