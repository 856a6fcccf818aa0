from django.contrib import admin

from apps.cards.admin import ReadOnlyAdmin
from apps.loss_report.models import LossReport


@admin.register(LossReport)
class LossReportAdmin(ReadOnlyAdmin):
    list_display = ["pk", "card", "reported_at", "days", "ends_at", "closed_at", "outcome"]
    list_filter = ["outcome", "reported_at"]
    list_select_related = ["card"]
    search_fields = ["=card__reference"]
    ordering = ["-pk"]
    fields = [
        "card",
        "reported_at",
        "reported_by",
        "days",
        "ends_at",
        "closed_at",
        "outcome",
        "reminded_at",
    ]
