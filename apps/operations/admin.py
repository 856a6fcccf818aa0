"""运行状况: what operators look at, and what they do about it."""

from django.contrib import admin

from apps.desk import roles
from apps.desk.pages import DeskAdmin
from apps.operations.models import Alarm
from apps.operations.views import desk


@admin.register(Alarm)
class OperationsDesk(DeskAdmin):
    permission = roles.OPERATE_PORTAL
    pages = (
        ("", desk.index, "changelist"),
        ("handle/", desk.handle, "handle"),
    )
