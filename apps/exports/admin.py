"""The list of exports in the admin: one's own, and all of them for an auditor."""

from django.contrib import admin
from django.utils import timezone

from apps.common.templatetags import formats
from apps.desk.colleagues import named
from apps.desk.pages import DeskAdmin
from apps.exports.models import VIEW_EXPORT, Export
from apps.exports.views import files, sheets


def sees_all(request):
    """Whether the list shows everybody's exports, as `ExportQuerySet.visible_to` does."""
    return request.user.has_perm(VIEW_EXPORT)


@admin.register(Export)
class ExportAdmin(DeskAdmin):
    list_display = ["created", "scope", "state", "row_count", "content", "format", "until"]
    list_select_related = ["by__holder"]
    ordering = ["-pk"]
    pages = (
        ("new/", files.new, "new"),
        ("minors/", files.minors, "ledger"),
        ("sheet/", sheets.order, "sheet"),
        ("sheet/<str:receiver>/columns/", sheets.columns, "columns"),
        ("<str:reference>/change/", files.detail, "change"),
        ("<str:reference>/file/", files.fetch, "file"),
    )

    def get_queryset(self, request):
        return Export.objects.visible_to(request.user)

    def get_list_display(self, request):
        names = super().get_list_display(request)
        return [*names[:1], "who", *names[1:]] if sees_all(request) else names

    def get_list_filter(self, request):
        return ["is_full", "format", "created_at"] if sees_all(request) else []

    def changelist_view(self, request, extra_context=None):
        context = {"title": "全部导出" if sees_all(request) else "我的导出"}
        return super().changelist_view(request, context | (extra_context or {}))

    @admin.display(description="提交时间")
    def created(self, export):
        return formats.moment(export.created_at)

    @admin.display(description="导出人")
    def who(self, export):
        return named(export.by)

    @admin.display(description="号码和姓名")
    def content(self, export):
        return export.content

    @admin.display(description="状态")
    def state(self, export):
        return export.status_at(timezone.now()).label

    @admin.display(description="文件保留到")
    def until(self, export):
        return formats.moment(export.expires_at) or "—"
