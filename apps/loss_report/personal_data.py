"""What is kept of temporary losses."""

from apps.common.kept_data import Category, DataSource, LegalGround, PersonalData, Term

KEPT = (
    PersonalData(
        category=Category.LOSS,
        model="loss_report.LossReport",
        fields=("reported_at", "days", "ends_at", "status", "status_since", "reminded_at"),
        purpose="临时停用、到期恢复",
        source=DataSource.SELF,
        ground=LegalGround.DUTY,
        term=Term("和办理记录一起长期保存"),
        of="card__holder",
        stays="证明卡什么时候停用过",
    ),
)

WITHOUT = {"loss_report.LossReport": ("card", "reported_by")}
