"""What the review keeps beside the request itself."""

from apps.common.kept_data import Category, DataSource, LegalGround, PersonalData, Term

KEPT = (
    PersonalData(
        category=Category.WORK,
        model="review.FirstApproval",
        fields=("at", "status_since"),
        purpose="风险较高的申请由两位审核人看",
        source=DataSource.DESK,
        ground=LegalGround.DUTY,
        term=Term("和申请一起长期保存"),
        of="card_request__holder",
        stays="证明审核的经过",
    ),
)

WITHOUT = {"review.FirstApproval": ("card_request", "by")}
