"""What is kept of postage that was paid and sent back."""

from django.db.models import Q

from apps.common.kept_data import Category, DataSource, LegalGround, PersonalData, Receiver, Term

_BOOKS = Term("长期保存：它是账目的凭据")


def _of_payment(holder, reader):
    return Q(payment__card_request__holder=holder.pk)


KEPT = (
    PersonalData(
        category=Category.PAYMENT,
        model="payments.Payment",
        fields=(
            "reference",
            "gateway",
            "subject",
            "amount_fen",
            "status",
            "status_since",
            "created_at",
            "trade_number",
            "paid_at",
            "refund_began_at",
            "refunded_at",
            "refund_reason",
            "settlement",
        ),
        purpose="收取和退还邮寄费",
        source=DataSource.GATEWAY,
        ground=LegalGround.DUTY,
        term=_BOOKS,
        receivers=(Receiver.GATEWAY,),
        of="card_request__holder",
        stays="账目要能核对",
    ),
    PersonalData(
        category=Category.PAYMENT,
        model="payments.Discrepancy",
        fields=(
            "reference",
            "kind",
            "amount_fen",
            "trade_number",
            "status",
            "status_since",
            "found_at",
            "settlement",
            "settled_at",
        ),
        purpose="弄清对不上的钱",
        source=DataSource.GATEWAY,
        ground=LegalGround.DUTY,
        term=_BOOKS,
        of="holder",
        stays="账目要能核对",
    ),
    PersonalData(
        category=Category.PAYMENT,
        model="payments.PaymentNotification",
        fields=("order_number", "trade_status", "amount", "outcome", "received_at"),
        purpose="支付平台说钱到了没有",
        source=DataSource.GATEWAY,
        ground=LegalGround.DUTY,
        term=Term("和订单一起长期保存；不是本单位订单的另按期删除"),
        of=_of_payment,
        about="payment__card_request__holder",
        stays="账目的凭据",
    ),
)

WITHOUT = {
    "payments.Payment": (
        "card_request",
        "created_by",
        "expires_at",
        "next_check_at",
        "last_checked_at",
        "check_count",
        "last_error",
    ),
    "payments.Discrepancy": (
        "payment",
        "holder",
        "gateway",
        "order_number",
        "bill_day",
        "settled_by",
    ),
    "payments.PaymentNotification": ("payment", "gateway", "digest", "is_verified"),
}
