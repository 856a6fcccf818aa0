"""The columns of the file of a list of payments: money and order numbers, and nobody's name."""

from apps.common.money import number_of_yuan
from apps.finance.entry_columns import EntryColumn

COLUMNS = (
    EntryColumn("订单号", 20),
    EntryColumn("支付平台", 14),
    EntryColumn("支付平台交易号", 34),
    EntryColumn("地区", 12),
    EntryColumn("状态", 14),
    EntryColumn("金额（元）", 12),
    EntryColumn("还要退（元）", 12),
    EntryColumn("下单时间", 20),
    EntryColumn("支付时间", 20),
    EntryColumn("退款时间", 20),
    EntryColumn("另外退还的说明", 30),
)


def row(payment):
    """The cells of a `Payment` of `narrowing.in_order`.

    Amounts are numbers, so that the file can be added up.
    """
    return [
        payment.reference,
        payment.get_gateway_display(),
        payment.trade_number,
        payment.card_request.city.name,
        payment.get_status_display(),
        number_of_yuan(payment.amount_fen),
        "" if payment.owed_fen is None else number_of_yuan(payment.owed_fen),
        payment.created_at,
        payment.paid_at,
        payment.refunded_at,
        payment.settlement,
    ]
