"""Shared by the reviewers' desks: a list of cases in the admin, with our own pages behind it."""

from collections.abc import Callable

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http.response import HttpResponseBase
from django.urls import path

from apps.common.addresses import row_url
from apps.common.admin import ReadOnlyAdmin
from apps.common.templatetags import formats
from apps.desk import roles
from apps.desk.colleagues import named

Page = tuple[str, Callable[..., HttpResponseBase], str]


class CaseList(ChangeList):
    """Links to a case by its public reference."""

    def url_for_result(self, result):
        page = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return row_url(page, result.reference)


class DeskAdmin(ReadOnlyAdmin):
    """A desk for reviewers: rows change only through its `pages`.

    `pages` are (route, view, name), the name without the model's prefix. One named "changelist"
    stands in the place of Django's list, which has the heading `list_title`. `permission`, one of
    `roles`, opens the list; each page checks its own permission.
    """

    list_title = ""

    permission = roles.READ
    pages: tuple[Page, ...] = ()
    list_per_page = 50
    sortable_by = []
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(self.permission)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def get_urls(self):
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        pages: list[Page] = list(self.pages)
        if all(name != "changelist" for _, _, name in pages):
            pages.insert(0, ("", self.changelist_view, "changelist"))
        return [
            path(route, self.admin_site.admin_view(view), name=f"{prefix}_{name}")
            for route, view, name in pages
        ]

    def get_changelist(self, request, **kwargs):
        return CaseList

    def changelist_view(self, request, extra_context=None):
        context = {"title": self.list_title} if self.list_title else {}
        return super().changelist_view(request, context | (extra_context or {}))


class RunAdmin(DeskAdmin):
    """A list of runs, which somebody prepares, looks at and starts."""

    list_select_related = ["by__holder"]
    ordering = ["-pk"]

    @admin.display(description="办理人")
    def who(self, run):
        return named(run.by)

    @admin.display(description="预检时间")
    def prepared(self, run):
        return formats.moment(run.prepared_at)

    @admin.display(description="状态")
    def state_now(self, run):
        return run.get_status_display()
