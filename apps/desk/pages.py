"""What the reviewers' desks have in common: a list of cases, and pages of our own behind it."""

from collections.abc import Callable

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http.response import HttpResponseBase
from django.urls import path, reverse

from apps.common.admin import ReadOnlyAdmin
from apps.desk import roles

Page = tuple[str, Callable[..., HttpResponseBase], str]


class CaseList(ChangeList):
    """Leads to a case by its public reference."""

    def url_for_result(self, result):
        page = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(page, args=[result.reference])


class DeskAdmin(ReadOnlyAdmin):
    """A desk for reviewers: nothing is edited but through its `pages`.

    `pages` are (route, view, name), the name without the model's prefix; the list comes first.
    `permission`, one of `roles`, opens the list; each page has a gate of its own.
    """

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
        pages: list[Page] = [("", self.changelist_view, "changelist"), *self.pages]
        return [
            path(route, self.admin_site.admin_view(view), name=f"{prefix}_{name}")
            for route, view, name in pages
        ]

    def get_changelist(self, request, **kwargs):
        return CaseList
