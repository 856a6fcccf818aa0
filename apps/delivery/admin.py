from django.contrib import admin

from apps.common.admin import DeclaredLookups, in_words
from apps.common.money import yuan
from apps.common.visibility import shown
from apps.delivery.models import Shipment


@admin.register(Shipment)
class ShipmentAdmin(DeclaredLookups):
    """Where cards went, masked. Only the review page and the parcel show the full address."""

    actions = None
    list_display = [
        "card_request",
        "method",
        "masked_recipient",
        "city",
        "tier",
        "postage",
        in_words(Shipment, "saved_at"),
    ]
    list_filter = ["method", "tier"]
    list_select_related = ["card_request", "city"]
    search_fields = ["=card_request__reference"]
    ordering = ["-saved_at", "-pk"]
    fields = [
        "card_request",
        "method",
        "masked_recipient",
        "masked_phone",
        "city",
        "county",
        "branch",
        "tier",
        "postage",
        in_words(Shipment, "saved_at"),
        "saved_by",
    ]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="邮寄费（元）", ordering="postage_fen")
    def postage(self, shipment):
        return yuan(shipment.postage_fen)

    @admin.display(description="收件人")
    def masked_recipient(self, shipment):
        return shown(shipment.recipient, "list.recipient")

    @admin.display(description="手机号")
    def masked_phone(self, shipment):
        return shown(shipment.phone, "list.phone")
