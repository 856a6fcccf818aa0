"""What the simulated bureau works on; the pages of the other rows belong to the desk."""

from django.conf import settings
from django.contrib import admin

from apps.bureau.models import SimulatedJob
from apps.common.admin import ReadOnlyAdmin, in_words


@admin.register(SimulatedJob)
class SimulatedJobAdmin(ReadOnlyAdmin):
    """The simulated bureau's book. In a demonstration a failure can be ordered here."""

    list_display = ["order_reference", "city_code", "is_faulty", "received_at", "made_at"]
    search_fields = ["=order_reference"]
    ordering = ["-received_at", "-pk"]

    def has_change_permission(self, request, obj=None):
        return settings.DEMO and admin.ModelAdmin.has_change_permission(self, request, obj)

    def get_readonly_fields(self, request, obj=None):
        names = [field.name for field in SimulatedJob._meta.fields]
        return [in_words(SimulatedJob, name) for name in names if name != "is_faulty"]
