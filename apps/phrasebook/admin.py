"""The phrasebook in the admin: one page of our own instead of the stock list."""

from django.contrib import admin

from apps.desk.pages import DeskAdmin
from apps.phrasebook import views
from apps.phrasebook.models import Phrase


@admin.register(Phrase)
class PhraseAdmin(DeskAdmin):
    pages = (
        ("", views.index, "changelist"),
        ("add/<slug:topic>/", views.add, "add"),
        ("<str:reference>/change/", views.edit, "change"),
        ("<str:reference>/deactivate/", views.deactivate, "deactivate"),
        ("<str:reference>/reactivate/", views.reactivate, "reactivate"),
        ("<str:reference>/up/", views.move_up, "move_up"),
        ("<str:reference>/down/", views.move_down, "move_down"),
    )
