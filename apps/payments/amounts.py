"""What a request costs."""

from dataclasses import dataclass

from apps.delivery.models import shipment_at


@dataclass(frozen=True)
class Fees:
    postage_fen: int
    card_fee_fen: int

    @property
    def total_fen(self):
        return self.postage_fen + self.card_fee_fen


def fees_of(card_request, *, at):
    """The `Fees` of a `CardRequest` at the moment `at`; None while it has no shipment.

    The first card is free; for a replacement the city may ask a fee (工本费), by the rule that was
    in force when the request was submitted. Select `holder`, `rule` and `shipment` along.
    """
    shipment = shipment_at(card_request, at)
    if shipment is None:
        return None
    return Fees(
        postage_fen=shipment.postage_fen,
        card_fee_fen=card_request.rule.card_fee_fen if card_request.is_replacement else 0,
    )
