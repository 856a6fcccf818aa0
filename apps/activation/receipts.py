"""That a card was activated, for the page and on paper."""

from apps.common.receipts import Receipt, person, rows_of
from apps.common.templatetags.formats import moment
from apps.common.visibility import shown


def of_activation(record, *, card, proof, at):
    """The `Receipt` of the event `record` with its `proof`, and what `card` is at `at`.

    Select `holder`, `city` and `bank` of the card along.
    """
    status, end = card.status_at(at), card.suspension_end(at)
    below = "可以在医院、药店结算了。"
    if not status.is_usable:
        again = f"，{moment(end)} 自动恢复" if end else ""
        below = f"当时已经启用，现在不能在医院、药店结算{again}。"
    return Receipt(
        matter="社会保障卡启用",
        result="社保功能已启用" if status.is_usable else f"这张卡现在是「{status.label}」",
        below=below,
        icon="check" if status.is_usable else "card",
        tone="ok" if status.is_usable else "",
        holder=person(card.holder),
        rows=rows_of(
            ("卡号", shown(card.card_number, "receipt.card_number")),
            ("地区、银行", f"{card.city.full_name}，{card.bank.name}"),
            ("启用时间", record.at),
            ("办理渠道", record.get_channel_display()),
        ),
        number_label="社保卡编号",
        number=card.reference,
        seen_at=at,
        proof=proof,
    )
