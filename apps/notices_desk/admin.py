"""The words of the messages: pages of our own instead of a stock admin."""

from django.contrib import admin

from apps.desk import roles
from apps.desk.pages import DeskAdmin
from apps.notices.models import MessageWording
from apps.notices_desk import views


@admin.register(MessageWording)
class WordingDesk(DeskAdmin):
    permission = roles.READ
    pages = (
        ("", views.index, "changelist"),
        ("<str:key>/", views.detail, "change"),
    )
