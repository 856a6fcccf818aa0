"""Payments and notifications, for auditors to read. Nothing is changed here."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from apps.common.admin import ReadOnlyAdmin
from apps.common.money import yuan
from apps.common.templatetags.formats import moment
from apps.payments.models import Payment, PaymentNotification

_IN_YUAN = {"amount_fen": "amount_yuan"}


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = [
        "reference",
        "card_request",
        "amount_yuan",
        "status",
        "created_at",
        "paid_at",
    ]
    list_filter = ["status", "gateway"]
    list_select_related = ["card_request"]
    search_fields = ["=reference", "=trade_number", "=card_request__reference"]
    ordering = ["-created_at", "-pk"]
    fields = [
        *(_IN_YUAN.get(field.name, field.name) for field in Payment._meta.fields),
        "history",
    ]
    readonly_fields = ["amount_yuan", "history"]

    @admin.display(description="支付记录")
    def history(self, payment):
        return format_html_join(
            mark_safe("<br>"),
            "{} {} {}",
            (
                (moment(event.at), event.label, event.reason)
                for event in payment.events.select_related("by")
            ),
        )

    @admin.display(description="金额（元）", ordering="amount_fen")
    def amount_yuan(self, payment):
        return yuan(payment.amount_fen)


@admin.register(PaymentNotification)
class PaymentNotificationAdmin(ReadOnlyAdmin):
    list_display = [
        "pk",
        "received_at",
        "gateway",
        "order_number",
        "trade_status",
        "amount",
        "is_verified",
        "outcome",
    ]
    list_filter = ["outcome", "gateway"]
    search_fields = ["=order_number"]
    ordering = ["-received_at", "-pk"]
