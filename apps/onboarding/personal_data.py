"""What is kept of reminders that reviewers sent."""

from apps.common.kept_data import Category, DataSource, LegalGround, PersonalData, Term

KEPT = (
    PersonalData(
        category=Category.WORK,
        model="onboarding.ReminderRow",
        fields=("outcome", "reason"),
        purpose="提醒停在同一步的人，或者这次没有提醒您的原因",
        source=DataSource.DESK,
        ground=LegalGround.EMPLOYMENT,
        term=Term("预检", "REMINDER_RUN_RETENTION"),
        of="holder",
        stays="到期自动删除",
    ),
)

WITHOUT = {
    "onboarding.ReminderRun": (
        "status_since",
        "reference",
        "chosen",
        "query",
        "step",
        "by",
        "status",
        "prepared_at",
    ),
    "onboarding.ReminderRow": ("run", "holder"),
}
