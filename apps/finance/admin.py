"""款项: refunds that the gateway did not make, and money that matches no order."""

from django.contrib import admin

from apps.bills.models import ClosedMonth, DailyBill
from apps.desk import roles
from apps.desk.pages import DeskAdmin
from apps.finance.views import bills, money, months, payments
from apps.payments.models import Discrepancy


@admin.register(Discrepancy)
class MoneyDesk(DeskAdmin):
    permission = roles.READ_MONEY
    pages = (
        ("", money.index, "changelist"),
        ("payments/", payments.index, "payments"),
        ("payments/file/", payments.file, "payments_file"),
        ("refunds/<str:reference>/", money.refund, "refund"),
        ("refunds/<str:reference>/retry/", money.retry, "retry"),
        ("refunds/<str:reference>/settle/", money.settle_refund, "settle_refund"),
        ("refunds/<str:reference>/note/", money.note_refund, "note_refund"),
        ("<str:reference>/change/", money.discrepancy, "change"),
        ("<str:reference>/settle/", money.settle, "settle"),
        ("<str:reference>/note/", money.note, "note"),
    )


@admin.register(DailyBill)
class BillDesk(DeskAdmin):
    permission = roles.READ_MONEY
    pages = (
        ("", bills.index, "changelist"),
        ("import/", bills.take, "import"),
        ("<str:reference>/change/", bills.detail, "change"),
        ("<str:reference>/fetch/", bills.fetch, "fetch"),
    )


@admin.register(ClosedMonth)
class MonthDesk(DeskAdmin):
    permission = roles.READ_MONEY
    pages = (
        ("", months.index, "changelist"),
        ("open/", months.to_close, "open"),
        ("close/", months.close, "close"),
        ("<str:reference>/change/", months.detail, "change"),
        ("<str:reference>/file/", months.file, "file"),
    )
