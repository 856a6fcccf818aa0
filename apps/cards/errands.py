"""What can be done about somebody's cards, as the first page lists it.

Each matter has an `errands.py`, in which `of_cards(cards, *, by, at)` returns `CardErrand`s.
"""

from dataclasses import dataclass
from datetime import datetime

from apps.cards.models import Card
from apps.common import rooms
from apps.lateness.promises import PromisedDay


@dataclass(frozen=True)
class CardErrand:
    """What the first page says about a card: `title`, `text`, and the page `url` behind `go`.

    `waits_for_user` says whether the user has to act. While a request of the same person is under
    way, that is the one to look at: only what `stands_beside_request` is shown then. `promised` is
    the day by which others act, `ends_at` when what is said ends by itself. `way_out` (words,
    address) is the other thing to do. With `is_quiet` there is nothing to do; with `is_way_out` it
    is only the other thing to do beside what another matter says.
    """

    card: Card
    title: str
    go: str
    url: str
    waits_for_user: bool = True
    stands_beside_request: bool = False
    promised: PromisedDay | None = None
    text: str = ""
    ends_at: datetime | None = None
    way_out: tuple[str, str] | None = None
    is_quiet: bool = False
    is_way_out: bool = False


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
