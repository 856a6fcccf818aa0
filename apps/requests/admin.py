"""What belongs to requests, for auditors to read. Nothing is changed here."""

from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.requests.models import Amendment, DiscardedFile, StageDuration


@admin.register(Amendment)
class AmendmentAdmin(ReadOnlyAdmin):
    list_display = ["pk", "card_request", "asked_at", "asked_by", "due_date", "answered_at"]
    exclude = ["before", "portrait_before"]
    list_select_related = ["card_request", "asked_by"]
    search_fields = ["=card_request__reference"]
    ordering = ["-asked_at", "-pk"]


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
    """Empty most of the time. A file that stays here is one that the storage does not delete."""

    list_display = ["name", "discarded_at", "next_try_at"]
    ordering = ["discarded_at"]
