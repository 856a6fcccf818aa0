"""What became of a report of a loss, for the page and on paper."""

from apps.cards.enums import CardStatus
from apps.common.receipts import Receipt, person, rows_of
from apps.common.visibility import shown

_BELOW = {
    CardStatus.ACTIVE: "可以在医院、药店使用。",
    CardStatus.SUSPENDED: "现在不能在医院、药店使用。",
}


def of_report(report, *, card, proof, at):
    """The `Receipt` of `report` as things are at `at`, with the `proof` that it was reported.

    `card` with `holder`, `city`, `bank`.
    """
    status, end = card.status_at(at), report.end(at)
    return Receipt(
        matter="社会保障卡临时挂失",
        result=f"这张卡现在是「{status.label}」" if end else "已临时挂失",
        below=_BELOW.get(status, "不能在医院、药店使用。"),
        icon="check" if status.is_usable else "card" if end else "pause",
        tone="ok" if status.is_usable else "",
        holder=person(card.holder),
        rows=rows_of(
            ("卡号", shown(card.card_number, "receipt.card_number")),
            ("地区、银行", f"{card.city.full_name}，{card.bank.name}"),
            ("挂失时间", report.reported_at),
            ("自动恢复", None if end else report.ends_at),
            (end and end.status.label, end and end.at),
        ),
        number_label="社保卡编号",
        number=card.reference,
        seen_at=at,
        proof=proof,
    )
