"""What auditors read: the whole book of events."""

from django.contrib import admin

from apps.audit import seals, views
from apps.desk import roles
from apps.desk.pages import DeskAdmin
from apps.events.models import Event


@admin.register(Event)
class BookDesk(DeskAdmin):
    permission = roles.READ_BOOK
    pages = (
        ("", views.book, "changelist"),
        ("seals/", seals.seals, "seals"),
        ("seals/<int:number>/", seals.head, "seals_head"),
        ("seen/", views.seen_by, "seen"),
        ("<int:object_id>/", views.detail, "change"),
    )
