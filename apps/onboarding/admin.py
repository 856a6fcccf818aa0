"""The reminders that reviewers sent, the newest first; the progress is a page of its own."""

from django.contrib import admin

from apps.desk.pages import RunAdmin
from apps.onboarding import views
from apps.onboarding.models import ReminderRun


@admin.register(ReminderRun)
class ReminderRunAdmin(RunAdmin):
    list_title = "提醒记录"
    list_display = ["number", "whom", "at_step", "who", "prepared", "state_now"]
    pages = (
        ("progress/", views.progress, "progress"),
        ("prepare/", views.prepare, "prepare"),
        ("resend/<str:person>/", views.resend, "resend"),
        ("<str:reference>/change/", views.detail, "change"),
        ("<str:reference>/start/", views.start, "start"),
        ("<str:reference>/discard/", views.discard, "discard"),
    )

    @admin.display(description="编号")
    def number(self, run):
        return run.reference

    @admin.display(description="范围")
    def whom(self, run):
        return run.chosen

    @admin.display(description="停在哪一步")
    def at_step(self, run):
        return run.get_step_display()
