"""What the pages of the admin share."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from apps.common.templatetags import formats

_columns: dict[tuple[Any, Any], Any] = {}


def in_words(model, name):
    """The column `name` of `model` for a list or a page of the admin; a moment or a day in words.

    The admin itself would write them in a way of its own. The same column is always the same
    function, because the admin compares them.
    """
    if (model, name) not in _columns:
        _columns[model, name] = _in_words(model, name)
    return _columns[model, name]


def _in_words(model, name):
    try:
        column = model._meta.get_field(name)
    except FieldDoesNotExist:
        return name
    if not isinstance(column, models.DateField):  # a DateTimeField is one too
        return name
    write = formats.moment if isinstance(column, models.DateTimeField) else formats.day

    @admin.display(description=column.verbose_name, ordering=name)
    def shown(row):
        return write(getattr(row, name)) or "—"

    shown.__name__ = name
    return shown


class ReadOnlyAdmin(admin.ModelAdmin):
    """A list and a page to read, for users with the model's view permission."""

    actions = None

    def get_list_display(self, request):
        return [in_words(self.model, name) for name in super().get_list_display(request)]

    def get_fields(self, request, obj=None):
        return [in_words(self.model, name) for name in super().get_fields(request, obj)]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
