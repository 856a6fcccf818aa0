"""What happened to one card, each with its receipt where there is one."""

from dataclasses import dataclass
from datetime import datetime

from apps.cards.enums import CardAction
from apps.common.addresses import row_url


@dataclass(frozen=True)
class CardLine:
    """One thing that happened: `receipt` is the address of its receipt, or "".

    `why` is the reason for which the card was retired, else "".
    """

    label: str
    at: datetime
    receipt: str
    why: str = ""


# Action → the page with its receipt, which takes the reference of the card.
_RECEIPTS = {
    CardAction.ACTIVATE: "activation:done",
    CardAction.REPORT_LOSS: "loss_report:detail",
}
# The reasons that the holder reads.
_TOLD_WHY = (CardAction.RETIRE,)


def lines(card):
    """The `CardLine`s of `card`, the newest first."""
    newest = reversed(card.events)
    shown = set()
    found = []
    for event in newest:
        page = _RECEIPTS.get(CardAction(event.action))
        # The page is about the last one of its kind.
        receipt = row_url(page, card.reference) if page and page not in shown else ""
        shown.add(page)
        why = event.reason if event.action in _TOLD_WHY else ""
        found.append(CardLine(event.label, event.took_effect_at, receipt, why))
    return found
