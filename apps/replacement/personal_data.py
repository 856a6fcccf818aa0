"""What is kept of formal losses."""

from apps.common.kept_data import Category, DataSource, LegalGround, PersonalData, Term

KEPT = (
    PersonalData(
        category=Category.LOSS,
        model="replacement.FormalLoss",
        fields=("reference", "declared_at", "reason", "is_sworn", "status", "status_since"),
        purpose="停用丢了的卡",
        source=DataSource.SELF,
        ground=LegalGround.DUTY,
        term=Term("和办理记录一起长期保存"),
        of="card__holder",
        stays="证明卡是什么时候、为什么停用的",
    ),
    PersonalData(
        category=Category.LOSS,
        model="replacement.FormalLoss",
        fields=("lost_date", "place", "receipt_number", "decision_reason"),
        title="丢失的经过",
        purpose="判断是不是真丢了",
        source=DataSource.SELF,
        ground=LegalGround.DUTY,
        term=Term("人事处确认、不确认或撤回", "LOSS_TEXT_RETENTION", "清空"),
        of="card__holder",
        written_by="declared_by",
        contact=("place", "receipt_number"),
        stays="有争议时要看当时怎么说的，到期清空",
    ),
)

WITHOUT = {"replacement.FormalLoss": ("card", "declared_by", "forgotten_at")}
