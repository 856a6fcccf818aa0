"""The admin site of the desk: Django's own, with a first page that knows what waits."""

from functools import partial, wraps

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import path
from django.utils import dateformat, timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from apps.account.own_sessions import idle
from apps.account.second_factor import gate
from apps.backoffice.navigation import permissions_of
from apps.backoffice.start import views
from apps.desk.admin import edited_as_read

# Pages of Django that no page of the desk uses: rows completed by a term, and rows by their key.
_CLOSED = {"autocomplete", "view_on_site"}
# The pages of the desk that are read most: the list of requests, and a case.
_READ_MOST = "cards/cardrequest/"
# Sets of permissions for which the list of all tables is kept.
MOST_DRAWN = 64


class DeskSite(admin.AdminSite):
    # Under a name of its own: the page of one app draws Django's index.
    index_template = "backoffice/start/index.html"

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self._drawn: dict[frozenset | None, str] = {}

    def register(self, model_or_iterable, admin_class=None, **options):
        """As Django's. What one editor has saved is not overwritten unseen by another."""
        admin_class = edited_as_read(admin_class or admin.ModelAdmin)
        super().register(model_or_iterable, admin_class, **options)

    def index(self, request, extra_context=None):
        own = views.context(request) | {"tables": self._tables(request)}
        return super().index(request, own | (extra_context or {}))

    def _tables(self, request):
        """The list of all tables that the user may open, as HTML.

        It depends on nothing but the permissions, so it is drawn once for all who have the same.
        """
        permissions = permissions_of(request.user)
        drawn = self._drawn.get(permissions)
        if drawn is None:
            tables = super().get_app_list(request)
            context = {"app_list": tables}
            drawn = render_to_string("backoffice/start/tables.html", context) if tables else ""
            if len(self._drawn) >= MOST_DRAWN:
                self._drawn.clear()
            self._drawn[permissions] = drawn
        return drawn

    def admin_view(self, view, cacheable=False):
        """`view` for members of the staff who have a second factor, or have just been let in.

        A session at which nobody has worked for long ends here.
        """
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def at_the_desk(request, *args, **kwargs):
            at = timezone.now()
            if not self.has_permission(request):
                return guarded(request, *args, **kwargs)
            # The account is read now: without the wrapper that would read it when it is asked.
            request.user = getattr(request, "_cached_user", request.user)
            if idle.is_over(request, idle.DESK, at=at):
                logout(request)
                return guarded(request, *args, **kwargs)
            if gate.is_closed(request, at=at):
                messages.warning(
                    request,
                    "进入审核后台要用两步验证。请先添加通行密钥或验证器，添加后就可以进入。",
                )
                return redirect("mfa_index")
            response = guarded(request, *args, **kwargs)
            idle.note_use(request, response, idle.DESK, at=at)
            return response

        return at_the_desk

    def get_urls(self):
        here = path("still-here/", self.admin_view(_still_here), name="still_here")
        rest = [url for url in super().get_urls() if getattr(url, "name", None) not in _CLOSED]
        # An address is looked for along the list. `sorted` leaves all others in their order.
        return [here, *sorted(rest, key=lambda url: str(url.pattern) != _READ_MOST)]

    def get_log_entries(self, request):
        """None: no page of the desk shows what Django logs, and each would write the query."""
        return ()

    def each_context(self, request):
        return super().each_context(request) | {
            "idle_seconds": int(settings.DESK_IDLE.total_seconds()),
            # In seconds, for Django's calendar beside an input.
            "utc_offset": dateformat.format(timezone.localtime(), "Z"),
        }

    def get_app_list(self, request, app_label=None):
        """Every page gets the list of all tables, and few show it: it is built when it is read."""
        return SimpleLazyObject(partial(super().get_app_list, request, app_label))


@require_safe
def _still_here(request):
    """Somebody is at the desk, as static/js/session_end.js says; the page was left open."""
    return idle.answer(request, idle.DESK, at=timezone.now())
