"""The stock edit pages of the admin, for two people who edit the same row."""

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls.resolvers import RoutePattern
from django.utils.safestring import mark_safe

from apps.desk.forms import as_read
from apps.encryption.public_keys import converter_for
from apps.events.models import Event
from apps.unsent import typed_again


class EditAdmin(admin.ModelAdmin):
    """A part of a ModelAdmin: the site of the desk adds it to every one (`edited_as_read`).

    `book` is the kind of the events about a row that other pages write, if there are any.
    """

    book = None
    view_on_site = False

    def get_urls(self):
        """Django's, with encrypted keys of rows in the addresses."""
        return [_without_key(pattern, self.opts.label_lower) for pattern in super().get_urls()]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None:
            return form
        return as_read(
            form,
            about=f"{self.opts.label_lower}:{obj.pk}",
            saved_last=lambda: self._saved_last(obj),
            reader=request.user,
        )

    @admin.display(description=mark_safe('<input type="checkbox" id="action-toggle">'))
    def action_checkbox(self, obj):
        """As Django's. Ticks that were sent after the session had ended are there again."""
        typed = typed_again.shown()
        ticked = typed.data.getlist(ACTION_CHECKBOX_NAME) if typed else []
        box = forms.CheckboxInput(
            {"class": "action-select", "aria-label": f"选择 {obj}"}, lambda value: value in ticked
        )
        return box.render(ACTION_CHECKBOX_NAME, str(obj.pk))

    def get_object(self, request, object_id, from_field=None):
        # An empty `_to_field` in the address is none.
        row = super().get_object(request, object_id, from_field or None)
        if row is not None and request.method == "POST":
            # Two who save at the same moment save one after the other.
            rows = self.model._default_manager.using(row._state.db).select_for_update(of=("self",))
            if transaction.get_connection(row._state.db).in_atomic_block:
                row.refresh_from_db(from_queryset=rows)
        return row

    def _saved_last(self, row):
        """(user, moment) of the last change of `row`; None if nobody wrote one down."""
        kind = ContentType.objects.get_for_model(self.model)
        entries = LogEntry.objects.filter(content_type=kind, object_id=row.pk)
        entry = entries.select_related("user__holder").order_by("-action_time").first()
        found = [(entry.user, entry.action_time)] if entry else []
        if self.book is not None:
            event = Event.objects.about(self.book, row).select_related("by__holder").last()
            found += [(event.by, event.at)] if event else []
        return max(found, key=lambda pair: pair[1], default=None)


def _without_key(pattern, label):
    """`pattern` of a URL, with the key of the row encrypted where it would stand there."""
    route = str(pattern.pattern)
    hidden = route
    for argument in ("<path:object_id>", "<int:object_id>", "<id>"):
        name = argument.strip("<>").rpartition(":")[2]
        hidden = hidden.replace(argument, f"<{converter_for(label)}:{name}>")
    if hidden != route:
        pattern.pattern = RoutePattern(hidden, name=pattern.pattern.name, is_endpoint=True)
    return pattern


def edited_as_read(admin_class):
    """`admin_class` with `EditAdmin`."""
    if issubclass(admin_class, EditAdmin):
        return admin_class
    return type(admin_class)(
        admin_class.__name__, (EditAdmin, admin_class), {"__module__": admin_class.__module__}
    )
