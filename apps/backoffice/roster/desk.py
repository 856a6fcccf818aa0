"""The list of rosters in the admin, the newest first."""

from django.contrib import admin

from apps.backoffice.roster.views import columns, photos, uploads
from apps.common.templatetags import formats
from apps.desk import roles
from apps.desk.colleagues import named
from apps.desk.pages import DeskAdmin
from apps.roster.enums import EFFECTIVE, RowKind


class RosterUploadAdmin(DeskAdmin):
    change_list_template = "backoffice/roster/list.html"
    permission = roles.READ_ROSTER
    list_display = ["uploaded", "state", "scope", "numbers", "who"]
    list_display_links = ["uploaded"]
    list_select_related = ["by__holder"]
    ordering = ["-pk"]
    pages = (
        ("upload/", uploads.upload, "upload"),
        ("photos/", photos.take, "photos"),
        ("photos/<str:reference>/", photos.detail, "photos_change"),
        ("photos/<str:reference>/confirm/", photos.confirm, "photos_confirm"),
        ("photos/<str:reference>/discard/", photos.discard, "photos_discard"),
        ("template.<str:kind>/", uploads.template, "template"),
        ("<str:reference>/change/", uploads.detail, "change"),
        ("<str:reference>/problems.csv", uploads.problems, "problems"),
        ("<str:reference>/to-mend.<str:kind>/", uploads.to_mend, "to_mend"),
        ("<str:reference>/columns/", columns.match, "match"),
        ("<str:reference>/columns/again/", columns.again, "rematch"),
        ("<str:reference>/apply/", uploads.apply, "apply"),
        ("<str:reference>/discard/", uploads.discard, "discard"),
    )

    def changelist_view(self, request, extra_context=None):
        context = {
            "title": "人事名册",
            "may_manage": request.user.has_perm(roles.MANAGE_ROSTER),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def get_queryset(self, request):
        return super().get_queryset(request).defer("content")

    @admin.display(description="上传时间")
    def uploaded(self, upload):
        return formats.moment(upload.at)

    @admin.display(description="状态")
    def state(self, upload):
        return upload.get_status_display()

    @admin.display(description="范围")
    def scope(self, upload):
        return "全员" if upload.is_complete else "部分人员"

    @admin.display(description="内容")
    def numbers(self, upload):
        counts = [
            (kind.label, upload.counts.get(kind.lower(), 0))
            for kind in (*EFFECTIVE, RowKind.REFUSED)
        ]
        return "，".join(f"{label} {count}" for label, count in counts if count) or "—"

    @admin.display(description="上传人")
    def who(self, upload):
        return named(upload.by)
