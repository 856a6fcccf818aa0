"""Cards, for auditors to read. Nothing is changed here."""

from django.contrib import admin
from django.utils import timezone

from apps.cards.models import Card
from apps.common.admin import ReadOnlyAdmin
from apps.common.visibility import shown
from apps.lifecycle.admin import StatusFilter


@admin.register(Card)
class CardAdmin(ReadOnlyAdmin):
    list_display = ["reference", "masked_number", "city", "bank", "status_now", "status_since"]
    list_filter = [StatusFilter, "city", "bank"]
    list_select_related = ["city", "bank"]
    search_fields = ["=reference"]
    ordering = ["-status_since", "-pk"]
    fields = [
        "reference",
        "holder",
        "masked_number",
        "city",
        "bank",
        "status_now",
        "status_since",
        "suspended_until",
        "replaces",
    ]

    @admin.display(description="社保卡号")
    def masked_number(self, card):
        return shown(card.card_number, "list.card_number")

    @admin.display(description="现在的状态", ordering="status")
    def status_now(self, card):
        return card.status_at(timezone.now()).label
