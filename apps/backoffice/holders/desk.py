"""The people on the roster, masked, with a button to the logged look.

The search is posted, because a name or number in a URL would be in logs and in the browser history.
"""

from django.contrib.admin.views.main import SEARCH_VAR
from django.urls import path

from apps.backoffice.holders import views
from apps.people.admin import HolderAdmin
from apps.people.event_kinds import HOLDER
from apps.people.models import Holder
from apps.typed_text.plain_text import visible
from apps.unsent import typed_again


class HolderDesk(HolderAdmin):
    actions = None
    book = HOLDER  # an applied roster changes people as well
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
