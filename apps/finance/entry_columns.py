"""The columns of the file of a closed month."""

from dataclasses import dataclass

from apps.bills.enums import EntryKind
from apps.common.money import number_of_yuan


@dataclass(frozen=True)
class EntryColumn:
    """A heading and its width in characters."""

    label: str
    width: int


COLUMNS = (
    EntryColumn("种类", 10),
    EntryColumn("订单号", 20),
    EntryColumn("支付平台交易号", 34),
    EntryColumn("发生时间", 20),
    EntryColumn("收入（元）", 12),
    EntryColumn("支出（元）", 12),
    EntryColumn("余额（元）", 12),
    EntryColumn("说明", 20),
)


def row(entry):
    """The cells of a `BookedEntry`; amounts are numbers, so that the file can be added up."""
    yuan = number_of_yuan(entry.amount_fen)
    amounts = [yuan, None] if entry.kind == EntryKind.PAID else [None, yuan]
    late = "属于以前的月份" if entry.is_late else ""
    words = [entry.get_kind_display(), entry.order_number, entry.trade_number, entry.happened_at]
    return [*words, *amounts, None, late]


def balance(words, fen):
    """The cells of the line with what a month begins or ends with."""
    return [words, "", "", None, None, None, number_of_yuan(fen), ""]
