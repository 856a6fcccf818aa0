"""The people on the roster, masked, with a button to the logged look.

The search is posted, because a name or number in a URL would be in logs and in the browser history.
"""

from django.contrib.admin.views.main import SEARCH_VAR
from django.urls import path

from apps.backoffice.holders import views
from apps.common.plain_text import visible
from apps.people.admin import HolderAdmin


class HolderDesk(HolderAdmin):
    actions = None
    change_form_template = "backoffice/holders/change_form.html"
    change_list_template = "backoffice/holders/change_list.html"

    def get_urls(self):
        disclose = path(
            "<str:reference>/disclose/",
            self.admin_site.admin_view(views.disclose),
            name="people_holder_disclose",
        )
        return [disclose, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        context = {"searched": _searched(request)} | (extra_context or {})
        return super().changelist_view(request, context)

    def get_search_results(self, request, queryset, search_term):
        """The people that match the posted term. A term in the URL is ignored."""
        term = _searched(request)
        if not term:
            return queryset, False
        return super().get_search_results(request, queryset, term)


def _searched(request):
    return visible(request.POST.get(SEARCH_VAR, "")).strip() if request.method == "POST" else ""
