"""Payments and notifications, for auditors to read. Nothing is changed here."""

from django.contrib import admin

from apps.common.money import yuan
from apps.payments.models import Payment, PaymentEvent, PaymentNotification


class ReadOnly:
    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class PaymentEventInline(ReadOnly, admin.TabularInline):
    model = PaymentEvent
    fields = ["action", "from_status", "to_status", "at", "by", "reason"]
    ordering = ["pk"]
    extra = 0


@admin.register(Payment)
class PaymentAdmin(ReadOnly, admin.ModelAdmin):
    actions = None
    list_display = [
        "reference",
        "request",
        "gateway",
        "amount_yuan",
        "status",
        "created_at",
        "paid_at",
        "refunded_at",
        "last_error",
    ]
    list_filter = ["status", "gateway"]
    list_select_related = ["request"]
    search_fields = ["=reference", "=trade_number", "=request__reference"]
    ordering = ["-pk"]
    inlines = [PaymentEventInline]

    @admin.display(description="金额（元）")
    def amount_yuan(self, payment):
        return yuan(payment.amount_fen)


@admin.register(PaymentNotification)
class PaymentNotificationAdmin(ReadOnly, admin.ModelAdmin):
    actions = None
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
    ordering = ["-pk"]
