"""That a card was collected, for the page and on paper."""

from apps.common.receipts import Receipt, person, rows_of


def of_collection(event, *, card_request, proof, at):
    """The `Receipt` of the event `event` of `card_request`, with its `proof`.

    Select `holder`, `city__province` and `bank` along.
    """
    return Receipt(
        matter=f"社会保障卡{card_request.get_kind_display()}",
        result="已领卡",
        below="启用以后，才能在医院、药店结算。",
        holder=person(card_request.holder),
        rows=rows_of(
            ("地区、银行", f"{card_request.city.full_name}，{card_request.bank.name}"),
            ("领卡时间", event.at),
            ("由谁确认", event.get_role_display()),
        ),
        number=card_request.reference,
        seen_at=at,
        proof=proof,
    )
