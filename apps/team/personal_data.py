"""What is kept of the mails of the morning to those who work at the desk."""

from apps.common.kept_data import Category, DataSource, LegalGround, PersonalData, Term

KEPT = (
    PersonalData(
        category=Category.MESSAGE,
        model="team.Digest",
        fields=("day", "handed_at"),
        purpose="审核人每个工作日早上收到一封要办的件数，一天只发一次",
        source=DataSource.PORTAL,
        ground=LegalGround.EMPLOYMENT,
        term=Term("发出", "DIGEST_RETENTION"),
        of="user__holder",
        stays="到期自动删除",
    ),
)

WITHOUT = {"team.Digest": ("user", "next_try_at", "tries", "last_error")}
