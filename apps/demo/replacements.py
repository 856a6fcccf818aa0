"""Actions on the way from a lost card to a new one, as those in `actions`.

`card_request` is the one that led to the card that is lost.
"""

from apps.cards.enums import ReplacementReason
from apps.common.moments import day_of
from apps.demo.actions import card_of, reviewer_of
from apps.replacement import services as replacement
from apps.review.losses import services as review


def declare_loss(card_request, at):
    replacement.declare(
        card=card_of(card_request),
        lost_date=day_of(at),
        place="济南开往校区的班车上",
        receipt_number="",
        by=card_request.applicant,
        at=at,
    )


def confirm_loss(card_request, at):
    card = card_of(card_request)
    loss = card.formal_losses.waiting().get()
    review.confirm(loss=loss, seen_since=card.status_since, by=reviewer_of(loss, at), at=at)


def refuse_loss(card_request, at):
    card = card_of(card_request)
    loss = card.formal_losses.waiting().get()
    review.refuse(
        loss=loss,
        reason="您来电说卡已找到，不再办理正式挂失",
        seen_since=card.status_since,
        by=reviewer_of(loss, at),
        at=at,
    )


def replace(card_request, at):
    """The reason; returns the new draft, with which the story goes on."""
    card, user = card_of(card_request), card_request.applicant
    return replacement.start(
        card=card,
        reason=ReplacementReason.LOST,
        city=card.city,
        bank=card.bank,
        ip="127.0.0.1",
        by=user,
        at=at,
    )
