"""The shared card-lifecycle model: a card, the request that leads to it, and what happened."""

from apps.cards.models.card import Card
from apps.cards.models.card_request import CardRequest

__all__ = ["Card", "CardRequest"]
