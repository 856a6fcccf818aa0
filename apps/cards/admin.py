"""What happened and what is with the bureau, for auditors to read. Nothing is changed here."""

from django.conf import settings
from django.contrib import admin
from django.utils import timezone

from apps.cards.models import (
    Amendment,
    Card,
    DiscardedFile,
    SimulatedJob,
    StageDuration,
)
from apps.common import masks
from apps.events.models import Event


class ReadOnlyAdmin(admin.ModelAdmin):
    """A list and a page to read; who may see them is the model's view permission."""

    actions = None

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Card)
class CardAdmin(ReadOnlyAdmin):
    list_display = ["reference", "masked_number", "city", "bank", "status_now", "status_since"]
    list_filter = ["status", "city", "bank"]
    list_select_related = ["city", "bank"]
    search_fields = ["=reference"]
    ordering = ["-pk"]
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
        return masks.card_number(card.card_number)

    @admin.display(description="现在的状态")
    def status_now(self, card):
        return card.status_at(timezone.now()).label


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = [
        "pk",
        "subject_kind",
        "reference",
        "action",
        "from_status",
        "to_status",
        "at",
        "by",
        "role",
        "channel",
    ]
    list_filter = ["subject_kind", "role", "channel"]
    list_select_related = ["by"]
    search_fields = ["=reference"]
    ordering = ["-pk"]
    show_full_result_count = False


@admin.register(Amendment)
class AmendmentAdmin(ReadOnlyAdmin):
    list_display = ["pk", "request", "asked_at", "asked_by", "due_date", "answered_at"]
    exclude = ["before", "portrait_before"]
    list_select_related = ["request", "asked_by"]
    search_fields = ["=request__reference"]
    ordering = ["-pk"]


@admin.register(SimulatedJob)
class SimulatedJobAdmin(ReadOnlyAdmin):
    """The simulated bureau's book. In a demonstration a failure can be ordered here."""

    list_display = ["order_reference", "city_code", "is_faulty", "received_at", "made_at"]
    search_fields = ["=order_reference"]
    ordering = ["-pk"]

    def has_change_permission(self, request, obj=None):
        return settings.DEMO and admin.ModelAdmin.has_change_permission(self, request, obj)

    def get_readonly_fields(self, request, obj=None):
        names = [field.name for field in SimulatedJob._meta.fields]
        return [name for name in names if name != "is_faulty"]


@admin.register(StageDuration)
class StageDurationAdmin(ReadOnlyAdmin):
    list_display = [
        "city",
        "bank",
        "stage",
        "median_days",
        "p90_days",
        "sample",
        "computed_at",
    ]
    list_filter = ["stage"]
    list_select_related = ["city", "bank"]
    ordering = ["city", "bank", "stage"]


@admin.register(DiscardedFile)
class DiscardedFileAdmin(ReadOnlyAdmin):
    """Empty most of the time: what stays here, the storage refuses to delete."""

    list_display = ["name", "discarded_at", "next_try_at"]
    ordering = ["discarded_at"]
