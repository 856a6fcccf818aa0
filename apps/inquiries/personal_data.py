"""What is kept of what people asked HR to change."""

from apps.common.kept_data import Category, DataSource, LegalGround, PersonalData, Term
from apps.requests import registry


def _fields(row):
    return "、".join(registry.get(name).label for name in row.fields)


KEPT = (
    PersonalData(
        category=Category.MESSAGE,
        model="inquiries.Inquiry",
        fields=(
            "reference",
            "fields",
            "text",
            "asked_at",
            "status",
            "status_since",
            "answer",
            "answered_at",
        ),
        purpose="请人事处修改申请，人事处答复",
        source=DataSource.SELF,
        ground=LegalGround.CONSENT,
        term=Term("领取或申请终止", "DATA_RETENTION", "清空"),
        of="card_request__holder",
        texts={"fields": _fields},
        written_by="asked_by",
        contact=("text",),
        stays="说明这件申请为什么那样办，到期清空",
    ),
)

WITHOUT = {"inquiries.Inquiry": ("card_request", "asked_by", "answered_by", "forgotten_at")}
