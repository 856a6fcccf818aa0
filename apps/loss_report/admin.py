from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from apps.common.admin import ReadOnlyAdmin
from apps.loss_report.models import LossReport


@admin.register(LossReport)
class LossReportAdmin(ReadOnlyAdmin):
    list_display = ["pk", "card", "reported_at", "days", "ends_at", "closed_at", "outcome", "proof"]
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
        "proof",
    ]
    readonly_fields = ["proof"]

    @admin.display(description="能否使用")
    def proof(self, report):
        url = reverse("loss_report:usable", args=[report.card.reference])
        return format_html('<a href="{}">某一时刻能否使用</a>', url)
