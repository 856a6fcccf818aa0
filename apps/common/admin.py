"""What the pages of the admin share."""

import re
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


@admin.display(description="序号", ordering="pk")
def _key(row):
    return row.pk


def _in_words(model, name):
    if name == "pk":
        return _key
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


class DeclaredLookups(admin.ModelAdmin):
    """A list whose address takes the look-ups of its `list_filter` and no others.

    Django takes any column of the model: with `?id_number__startswith=37` a reader could find out,
    digit by digit, what the list masks.
    """

    def lookup_allowed(self, lookup, value, request=None):
        is_declared = any(_asks(chosen, lookup) for chosen in self.get_list_filter(request))
        return is_declared and not (lookup.endswith(_OF_DAYS) and not _YEAR.match(str(value)))


def _asks(chosen: Any, lookup):
    """Whether the filter `chosen`, one of `list_filter`, asks for `lookup`."""
    if hasattr(chosen, "parameter_name"):  # a filter with a name of its own, and no column
        return lookup == chosen.parameter_name
    column = chosen if isinstance(chosen, str) else chosen[0]
    name, _, rest = lookup.partition(f"{column}__")
    return lookup == column or (not name and rest in _LOOKUPS_OF_FILTERS)


# The look-ups of days; a database does not compare every year that Python can write.
_OF_DAYS = ("__gte", "__lt")
_YEAR = re.compile(r"(19|2[0-9])[0-9]{2}-")
# How Django's filters of a column ask for it; a related row by its key.
_LOOKUPS_OF_FILTERS = {"exact", "isnull", "isempty", "in", "gte", "lt", "id__exact", "code__exact"}


class ReadOnlyAdmin(DeclaredLookups):
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
