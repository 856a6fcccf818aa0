"""What is kept of decisions on many requests at once."""

from apps.common.kept_data import Category, DataSource, LegalGround, PersonalData, Term

KEPT = (
    PersonalData(
        category=Category.WORK,
        model="bulk.BulkRow",
        fields=("outcome", "reason", "decided_at"),
        purpose="一次办多件时，您的这件怎样了",
        source=DataSource.DESK,
        ground=LegalGround.DUTY,
        term=Term("和申请一起长期保存；没有开始的预检另按期删除"),
        of="card_request__holder",
        stays="证明审核的经过",
    ),
)

WITHOUT = {
    "bulk.BulkRun": (
        "status_since",
        "reference",
        "action",
        "decision",
        "chosen",
        "by",
        "status",
        "prepared_at",
        "leased_until",
    ),
    "bulk.ContactSheet": ("reference", "by", "made_at", "shown_at"),
    "bulk.ContactPrint": ("sheet", "card_request", "seen_since", "place"),
    "bulk.BulkRow": ("run", "card_request", "seen_since"),
}
