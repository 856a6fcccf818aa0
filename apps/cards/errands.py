"""What can be done about somebody's cards, as the first page lists it.

Each matter has an `errands.py`, in which `of_cards(cards, *, by, at)` returns `CardErrand`s.
"""

from dataclasses import dataclass
from datetime import date

from apps.cards.models import Card
from apps.common import rooms


@dataclass(frozen=True)
class CardErrand:
    """One line: what it is, and the page `url` behind the word `go`.

    `waits_for_user` says whether the user has to act. While a request of the same person is under
    way, that is the one to look at: only what `stands_beside_request` is shown then. `due_date` is
    the last day on which others should have acted.
    """

    card: Card
    title: str
    go: str
    url: str
    waits_for_user: bool = True
    stands_beside_request: bool = False
    due_date: date | None = None


def of_cards(cards, *, by, at):
    """The errands of all matters, in the order of `cards`.

    `by` sees the cards (`visible_to`). Select `holder`, `city`, `bank` and `card_request` along.
    """
    order = {card.pk: number for number, card in enumerate(cards)}
    found = [
        errand
        for room in rooms.modules("errands")
        if hasattr(room, "of_cards") and room.__name__ != __name__
        for errand in room.of_cards(cards, by=by, at=at)
    ]
    return sorted(found, key=lambda errand: order[errand.card.pk])
