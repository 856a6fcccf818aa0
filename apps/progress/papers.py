"""单据: the pages about a request that can be printed, as far as there are any."""

from dataclasses import dataclass

from apps.common.addresses import row_url
from apps.common.money import yuan


@dataclass(frozen=True)
class Paper:
    """One page to print; `hint` is what it is about in a few words, or ""."""

    label: str
    url: str
    hint: str = ""


def papers(card_request, *, payment, at) -> list[Paper]:
    """The `Paper`s of `card_request`; `payment` is its order or None. Costs no query.

    Select `card` along.
    """
    if card_request.is_draft:
        return []
    reference = card_request.reference
    found = [Paper(f"{card_request.matter}信息", row_url("application:detail", reference))]
    if payment is not None:
        hint = f"{yuan(payment.amount_fen)} 元，{payment.get_status_display()}"
        found.append(Paper("支付订单", payment.get_absolute_url(), hint))
    if not card_request.awaits_payment and not card_request.is_final:
        receipt = row_url("application:submitted", reference)
        found.append(Paper("受理回执", receipt, "带核对用的编号"))
    return found + _of_card(card_request.card, at=at)


def _of_card(card, *, at):
    if card is None or card.status_at(at).awaits_activation:
        return []
    done = row_url("activation:done", card.reference)
    proof = row_url("loss_report:usable", card.reference)
    return [Paper("启用回执", done), Paper("这张卡此刻能否使用的证明", proof)]
