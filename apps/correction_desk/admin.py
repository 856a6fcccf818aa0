"""The list of corrections in the admin: what waits, the soonest due first."""

from django.contrib import admin

from apps.common.templatetags import formats
from apps.common.visibility import shown
from apps.correction_desk import views
from apps.desk import roles
from apps.desk.colleagues import whereabouts
from apps.desk.pages import DeskAdmin
from apps.my_data.models import Correction


@admin.register(Correction)
class CorrectionDesk(DeskAdmin):
    list_title = "更正请求"
    permission = roles.READ_CORRECTIONS
    list_display = ["person", "what", "who", "asked", "due", "status"]
    list_filter = ["status"]
    list_select_related = ["holder", "asked_by__holder"]
    ordering = ["-status", "due_date", "pk"]  # OPEN comes last in the alphabet
    pages = (("<str:reference>/change/", views.detail, "change"),)

    @admin.display(description="谁的信息")
    def person(self, correction):
        return shown(correction.holder.name, "list.name")

    @admin.display(description="哪一类")
    def what(self, correction):
        return correction.topic_label

    @admin.display(description="提出人的部门、工号")
    def who(self, correction):
        return whereabouts(correction.asked_by)

    @admin.display(description="提出时间")
    def asked(self, correction):
        return formats.moment(correction.asked_at)

    @admin.display(description="最迟答复")
    def due(self, correction):
        return formats.day(correction.due_date)
