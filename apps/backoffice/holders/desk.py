"""The people on the roster, masked, with a button to the logged look.

The search is posted, because a name or number in a URL would be in logs and in the browser history.
"""

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.urls import path

from apps.backoffice.holders import views
from apps.common.visibility import shown
from apps.people.admin import HolderAdmin
from apps.people.event_kinds import HOLDER
from apps.people.models import Holder
from apps.typed_text.plain_text import visible
from apps.unsent import typed_again


class EmploymentFilter(admin.SimpleListFilter):
    """Filters by whether the roster says that somebody has left."""

    title = "在职"
    parameter_name = "employment"
    _HAS_LEFT = {"here": False, "left": True}

    def lookups(self, request, model_admin):
        return [("here", "在职"), ("left", "已离职")]

    def queryset(self, request, queryset):
        chosen = self._HAS_LEFT.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(left_date__isnull=not chosen)


class HolderDesk(HolderAdmin):
    actions = None
    list_display = ["reference", "masked_name", "employee_number", "department", "masked_id_number"]
    list_filter = ["id_type", "has_card_elsewhere", EmploymentFilter]
    book = HOLDER  # an applied roster changes people as well
    change_form_template = "backoffice/holders/change_form.html"
    change_list_template = "backoffice/holders/change_list.html"

    @admin.display(description="工号", ordering="user__employee_number")
    def employee_number(self, holder):
        return shown(holder.user.employee_number, "roster.employee_number") if holder.user else "—"

    def get_urls(self):
        disclose = path(
            "<str:reference>/disclose/",
            self.admin_site.admin_view(views.disclose),
            name="people_holder_disclose",
        )
        return [disclose, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        searched = _searched(request)
        context = {"searched": searched, "typed": searched or _typed_again()}
        context |= extra_context or {}
        if searched and self.has_view_permission(request):
            people, _ = self.get_search_results(request, Holder.objects.all(), searched)
            views.record(searched, has_result=people.exists(), by=request.user)
        return super().changelist_view(request, context)

    def get_search_results(self, request, queryset, search_term):
        """The people that match the posted term. A term in the URL is ignored."""
        term = _searched(request)
        if not term:
            return queryset, False
        return super().get_search_results(request, queryset, term)


def _typed_again():
    """What was typed before the session ended. It is shown, and not searched for by itself."""
    typed = typed_again.shown()
    return typed.data.get(SEARCH_VAR, "") if typed else ""


def _searched(request):
    return visible(request.POST.get(SEARCH_VAR, "")).strip() if request.method == "POST" else ""
