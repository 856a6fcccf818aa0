"""The admin site of the desk: Django's own, with a first page that knows what waits."""

from django.contrib import admin

from apps.backoffice.start import views


class DeskSite(admin.AdminSite):
    # Under a name of its own: the page of one app draws Django's index.
    index_template = "backoffice/start/index.html"

    def index(self, request, extra_context=None):
        return super().index(request, views.context(request) | (extra_context or {}))
