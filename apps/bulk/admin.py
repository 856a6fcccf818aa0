"""The list of bulk runs in the admin, the newest first."""

from django.contrib import admin
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from apps.bulk import views
from apps.bulk.contact_sheet import views as contact_sheet
from apps.bulk.enums import WAS_DECIDED, BulkOutcome
from apps.bulk.models import BulkRow, BulkRun
from apps.common.templatetags import formats
from apps.desk.colleagues import named
from apps.desk.pages import DeskAdmin


def _count(**conditions):
    """How many rows of the run meet `conditions`; counted for the runs of one page only."""
    rows = BulkRow.objects.filter(run=OuterRef("pk"), **conditions).order_by()
    return Coalesce(Subquery(rows.values("run").annotate(n=Count("pk")).values("n")), 0)


@admin.register(BulkRun)
class BulkRunAdmin(DeskAdmin):
    list_display = ["number", "action", "who", "prepared", "state_now", "rows_number", "result"]
    list_select_related = ["by__holder"]
    ordering = ["-pk"]
    pages = (
        ("new/", views.new, "new"),
        ("sheet/", contact_sheet.sheet, "sheet"),
        ("sheet/<str:reference>/pictures/", contact_sheet.picture, "pictures"),
        ("sheet/<str:reference>/approve/", contact_sheet.approve, "approve_sheet"),
        ("<str:reference>/change/", views.detail, "change"),
        ("<str:reference>/start/", views.start, "start"),
        ("<str:reference>/discard/", views.discard, "discard"),
        ("<str:reference>/stop/", views.stop, "stop"),
        ("<str:reference>/recall/", views.recall, "recall"),
    )

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .annotate(
                chosen_number=_count(),
                decided_number=_count(outcome__in=WAS_DECIDED),
                failed_number=_count(outcome=BulkOutcome.FAILED),
            )
        )

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "批量审核", **(extra_context or {})})

    @admin.display(description="批量编号")
    def number(self, run):
        return run.reference

    @admin.display(description="办理人")
    def who(self, run):
        return named(run.by)

    @admin.display(description="预检时间")
    def prepared(self, run):
        return formats.moment(run.prepared_at)

    @admin.display(description="状态")
    def state_now(self, run):
        return run.get_status_display()

    @admin.display(description="选中")
    def rows_number(self, run):
        return f"{run.chosen_number} 件"

    @admin.display(description="结果")
    def result(self, run):
        if run.is_prepared:
            return "—"
        failed = f"，{run.failed_number} 件没有办成" if run.failed_number else ""
        return f"办理 {run.decided_number} 件{failed}"
