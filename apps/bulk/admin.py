"""The list of bulk runs in the admin, the newest first."""

from django.contrib import admin
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from apps.bulk import views
from apps.bulk.contact_sheet import views as contact_sheet
from apps.bulk.enums import WAS_DECIDED, BulkOutcome
from apps.bulk.models import BulkRow, BulkRun
from apps.desk.pages import RunAdmin


def _count(**conditions):
    """How many rows of the run meet `conditions`; counted for the runs of one page only."""
    rows = BulkRow.objects.filter(run=OuterRef("pk"), **conditions).order_by()
    return Coalesce(Subquery(rows.values("run").annotate(n=Count("pk")).values("n")), 0)


@admin.register(BulkRun)
class BulkRunAdmin(RunAdmin):
    list_title = "批量审核"
    list_display = ["number", "action", "who", "prepared", "state_now", "rows_number", "result"]
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

    @admin.display(description="批量编号")
    def number(self, run):
        return run.reference

    @admin.display(description="选中")
    def rows_number(self, run):
        return f"{run.chosen_number} 件"

    @admin.display(description="结果")
    def result(self, run):
        if run.is_prepared:
            return "—"
        failed = f"，{run.failed_number} 件没有办成" if run.failed_number else ""
        return f"办理 {run.decided_number} 件{failed}"
