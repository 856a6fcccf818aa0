"""The list of changes in the admin: what waits for a second person comes first."""

from django.contrib import admin

from apps.common.templatetags import formats
from apps.common.visibility import shown
from apps.desk.colleagues import named
from apps.desk.pages import DeskAdmin
from apps.lifecycle.admin import StatusFilter
from apps.person_changes import views
from apps.person_changes.models import PersonChange


@admin.register(PersonChange)
class PersonChangeDesk(DeskAdmin):
    list_title = "人员更正"
    change_list_template = "person_changes/list.html"
    list_display = ["kind", "person", "before", "after", "proposer", "proposed", "status"]
    list_filter = [StatusFilter, "kind"]
    list_select_related = ["holder", "proposed_by__holder"]
    ordering = ["-proposed_at", "-pk"]
    pages = (
        ("new/", views.propose, "propose"),
        ("<str:reference>/change/", views.detail, "change"),
        ("<str:reference>/confirm/", views.confirm, "confirm"),
        ("<str:reference>/decline/", views.decline, "decline"),
        ("<str:reference>/withdraw/", views.withdraw, "withdraw"),
    )

    @admin.display(description="谁")
    def person(self, change):
        return shown(change.holder.name, "list.name")

    @admin.display(description="提出人")
    def proposer(self, change):
        return named(change.proposed_by)

    @admin.display(description="提出时间")
    def proposed(self, change):
        return formats.moment(change.proposed_at)
