"""How a card looks: full of colour, frosted, in its sleeve, half printed.

The look is made from the status at a moment, so it cannot say anything else. Every page draws it by
components/_card_face.html.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.models import Card
from apps.people.models import Holder
from apps.regions.models import Bank, City
from apps.requests.particulars import filled_share

WIDTH, HEIGHT = 793, 500  # of the drawing: 85.6 × 54 mm
# How long after a change the card still shows it, once.
CHANGE_SHOWN = timedelta(seconds=8)
# Filling the form in prints this much of the card, in percent. The days print the rest.
FILLED_IN = 20


class FaceLook(StrEnum):
    """The looks of what is no card yet. A card looks as its `CardStatus`."""

    EMPTY = "EMPTY"
    PRINTING = "PRINTING"


@dataclass(frozen=True)
class CardFace:
    """What components/_card_face.html draws.

    `key` makes the names in the drawing unique on the page. `words`, `icon` and `tone` are of the
    chip, `printed` is in percent. `left` and `ring` (the same in percent of the whole) are of a
    suspension. `former` is the look that it had until a moment ago.
    """

    key: str
    look: str
    words: str = ""
    icon: str = ""
    tone: str = ""
    holder: Holder | None = None
    city: City | None = None
    bank: Bank | None = None
    card: Card | None = None
    printed: int = 100
    left: timedelta = timedelta(0)
    ring: int = 0
    former: str = ""

    @property
    def is_empty(self):
        return self.look == FaceLook.EMPTY

    @property
    def is_printing(self):
        return self.look == FaceLook.PRINTING

    @property
    def is_usable(self):
        return self.look == CardStatus.ACTIVE

    @property
    def printed_width(self):
        """How far it is printed, in the units of the drawing."""
        return WIDTH * self.printed // 100

    @property
    def is_frosted(self):
        return self.look == CardStatus.SUSPENDED

    @property
    def time_left(self):
        """What is left of a suspension: 5天, or 3小时 on its last day."""
        return f"{self.left.days}天" if self.left.days else f"{self.left.seconds // 3600}小时"


def of_card(card, *, at):
    """The face of `card` at the moment `at`. Select `holder`, `city` and `bank` along."""
    status = CardStatus(card.status_at(at))
    end = card.suspension_end(at)
    return CardFace(
        key=card.reference,
        look=status,
        words=status.label,
        icon=status.icon,
        tone=status.tone,
        holder=card.holder,
        city=card.city,
        bank=card.bank,
        card=card,
        left=end - at if end else timedelta(0),
        ring=_ring(card, end, at) if end else 0,
        former=_former(card, at=at),
    )


def turned(card, status, *, at, until=None):
    """The pair of faces of `card`: as it is at `at`, and as it will look in `status`.

    `until` is when a suspension would end.
    """
    now = of_card(card, at=at)
    then = replace(
        now,
        key=f"{now.key}-then",
        look=status,
        words=status.label,
        icon=status.icon,
        tone=status.tone,
        left=until - at if until else timedelta(0),
        ring=100 if until else 0,
        former="",
    )
    return replace(now, former=""), then


def _ring(card, end, at):
    return max(round(100 * ((end - at) / (end - card.status_since))), 1)


def _former(card, *, at):
    """The status before a change that happened a moment ago, else ""."""
    if not timedelta(0) <= at - card.status_since <= CHANGE_SHOWN:
        return ""
    last = card.events.last()
    return last.from_status if last is not None else ""


# What the chip says while there is no card yet: words, icon, tone.
_NODES = {
    RequestStatus.DRAFT: ("填写中", "edit", "info"),
    RequestStatus.SUBMITTED: ("待缴费", "wallet", "warn"),
    RequestStatus.PAID: ("受理中", "clock", "info"),
    RequestStatus.ACCEPTED: ("审核中", "clock", "info"),
    RequestStatus.NEEDS_AMENDMENT: ("轮到您", "edit", "warn"),
    RequestStatus.APPROVED: ("制作中", "clock", "info"),
    RequestStatus.PRODUCED: ("已制好", "clock", "info"),
    RequestStatus.DISPATCHED: ("已发出", "truck", "info"),
}


def of_request(card_request, *, at, way=None):
    """The face of the card that `card_request` leads to; None once it has ended.

    `way` is its `RequestWay`, None before the days count. Select `particulars` along for a draft,
    and `holder`, `city` and `bank` for all.
    """
    node = _NODES.get(RequestStatus(card_request.status))
    if node is None:
        return None
    words, icon, tone = node
    return CardFace(
        key=card_request.reference,
        look=FaceLook.PRINTING,
        words=words,
        icon=icon,
        tone=tone,
        holder=card_request.holder,
        city=card_request.city,
        bank=card_request.bank,
        card=card_request.card,
        printed=_printed(card_request, way, at=at),
    )


def _printed(card_request, way, *, at):
    if card_request.is_draft:
        return FILLED_IN * filled_share(card_request.particulars, at=at) // 100
    if RequestStatus(card_request.status) == RequestStatus.DISPATCHED and way is None:
        return 100
    share = way.share if way is not None else 0
    return FILLED_IN + (100 - FILLED_IN) * share // 100


def empty(holder):
    """The place of the card that `holder` does not have."""
    return CardFace(key=holder.reference, look=FaceLook.EMPTY, holder=holder)
