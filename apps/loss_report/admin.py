from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html

from apps.common.addresses import row_url
from apps.common.admin import ReadOnlyAdmin
from apps.common.templatetags import formats
from apps.lifecycle.admin import StatusFilter
from apps.loss_report.models import LossReport


@admin.register(LossReport)
class LossReportAdmin(ReadOnlyAdmin):
    list_display = ["pk", "card", "reported_at", "days", "ends_at", "status_now", "proof"]
    list_filter = [StatusFilter, "reported_at"]
    list_select_related = ["card"]
    search_fields = ["=card__reference"]
    ordering = ["-reported_at", "-pk"]
    fields = [
        "card",
        "reported_at",
        "reported_by",
        "days",
        "ends_at",
        "status_now",
        "ended",
        "reminded_at",
        "proof",
    ]
    readonly_fields = ["status_now", "ended", "proof"]

    @admin.display(description="状态", ordering="status")
    def status_now(self, report):
        return report.status_at(timezone.now()).label

    @admin.display(description="结束时间")
    def ended(self, report):
        end = report.end(timezone.now())
        return formats.moment(end.at) if end else "—"

    @admin.display(description="能否使用")
    def proof(self, report):
        url = row_url("loss_report:usable", report.card.reference)
        return format_html('<a href="{}">某一时刻能否使用</a>', url)
