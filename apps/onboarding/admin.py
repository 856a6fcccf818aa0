"""The reminders that reviewers sent, the newest first; the progress is a page of its own."""

from django.contrib import admin

from apps.common.templatetags import formats
from apps.desk.colleagues import named
from apps.desk.pages import DeskAdmin
from apps.onboarding import views
from apps.onboarding.models import ReminderRun


@admin.register(ReminderRun)
class ReminderRunAdmin(DeskAdmin):
    list_display = ["number", "whom", "at_step", "who", "prepared", "state_now"]
    list_select_related = ["by__holder"]
    ordering = ["-pk"]
    pages = (
        ("progress/", views.progress, "progress"),
        ("prepare/", views.prepare, "prepare"),
        ("resend/<str:person>/", views.resend, "resend"),
        ("<str:reference>/change/", views.detail, "change"),
        ("<str:reference>/start/", views.start, "start"),
        ("<str:reference>/discard/", views.discard, "discard"),
    )

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "提醒记录", **(extra_context or {})})

    @admin.display(description="编号")
    def number(self, run):
        return run.reference

    @admin.display(description="范围")
    def whom(self, run):
        return run.chosen

    @admin.display(description="停在哪一步")
    def at_step(self, run):
        return run.get_step_display()

    @admin.display(description="办理人")
    def who(self, run):
        return named(run.by)

    @admin.display(description="预检时间")
    def prepared(self, run):
        return formats.moment(run.prepared_at)

    @admin.display(description="状态")
    def state_now(self, run):
        return run.get_status_display()
