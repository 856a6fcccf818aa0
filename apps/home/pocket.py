"""What the first page says about the card of one person: its look, a line or a number, one action.

- No card, or a retired one: whether one can apply.
- A request in flight: what is missing, or days (`waiting.countdown`), and its main offer.
- A card: what a matter says about it (`errands.py` of the matters), with its offer.
"""

from dataclasses import dataclass

from apps.cards.enums import CardStatus
from apps.common.addresses import row_url
from apps.home.under_way import Errand, in_pocket
from apps.lifecycle.offers import Offer
from apps.waiting import card_face
from apps.waiting.card_face import CardFace


@dataclass(frozen=True)
class Pocket:
    """The card of `who` as it looks, and what stands under it.

    With an `errand` that is it; else the offer `to_apply` under the line `title`. `page` is the one
    about the card.
    """

    face: CardFace
    errand: Errand | None
    to_apply: Offer | None
    title: str = ""
    page: str = ""

    @property
    def number_of_actions(self):
        """How many things can be done from here."""
        if self.errand is None:
            return int(self.to_apply is not None and self.to_apply.is_open)
        return 1 + (self.errand.way_out is not None)

    @property
    def leads_to(self):
        """The address of the main action, "" without one."""
        if self.errand is not None:
            return self.errand.url
        if self.to_apply is not None and self.to_apply.is_open:
            return self.to_apply.url
        return ""


def pocket(who, card, found, to_apply, *, at):
    """The `Pocket` of `who`. `card` is theirs or None, `found` are the errands of all persons."""
    errand = in_pocket(who, found)
    is_in_use = card is not None and card.status_at(at) in _IN_USE
    if errand is not None and errand.face is not None and not is_in_use:
        return Pocket(errand.face, errand, None, page=errand.progress)
    if card is None:
        return Pocket(card_face.empty(who), errand, to_apply, _TITLES[to_apply.is_open])
    face = card_face.of_card(card, at=at)
    page = row_url("home:card", card.reference)
    if errand is None and card.is_over(at):
        return Pocket(face, None, to_apply, "这张卡不能再用", page)
    return Pocket(face, errand, None, _STANDS[face.is_usable], page)


# A request is drawn in the place of a card that is lost, over or not activated yet.
_IN_USE = (CardStatus.ACTIVE, CardStatus.SUSPENDED)
_TITLES = {True: "可以申领社保卡", False: "现在还不能申领"}
# What is said of a card about which no matter says anything.
_STANDS = {True: "可以正常使用", False: "现在没有等您办的事"}
