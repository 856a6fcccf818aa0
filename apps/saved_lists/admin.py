"""The saved lists in the admin: pages of our own instead of the stock list."""

from django.contrib import admin

from apps.desk.pages import DeskAdmin
from apps.saved_lists import views
from apps.saved_lists.models import SavedList


@admin.register(SavedList)
class SavedListAdmin(DeskAdmin):
    pages = (
        ("", views.index, "changelist"),
        ("new/", views.new, "new"),
        ("as-usual/", views.start_as_usual, "start_as_usual"),
        ("<str:reference>/change/", views.edit, "change"),
        ("<str:reference>/replace/", views.replace, "replace"),
        ("<str:reference>/delete/", views.delete, "delete"),
        ("<str:reference>/first/", views.start_with, "start_with"),
    )
