"""Shared by the admin lists of all models with a lifecycle."""

from django.contrib import admin
from django.utils import timezone


class StatusFilter(admin.SimpleListFilter):
    """Filters by the status at this moment: a status whose end has passed counts as over."""

    title = "状态"
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return model_admin.model.lifecycle.statuses.choices

    def queryset(self, request, queryset):
        chosen = self.value()
        if chosen not in queryset.model.lifecycle.statuses.values:
            return queryset
        return queryset.in_status(chosen, at=timezone.now())
