"""What is kept of changes of who somebody is."""

from django.db.models import Q

from apps.common.kept_data import Category, DataSource, LegalGround, PersonalData, Term


def _of_either(holder, reader):
    return Q(holder=holder.pk) | Q(other=holder.pk)


KEPT = (
    PersonalData(
        category=Category.IDENTITY,
        model="person_changes.PersonChange",
        fields=(
            "reference",
            "kind",
            "before",
            "after",
            "evidence_kind",
            "evidence",
            "reason",
            "proposed_at",
            "ends_at",
            "status",
            "status_since",
            "decided_at",
        ),
        title="人员更正",
        purpose="号码更正、两条记录合并，由两个人核对",
        source=DataSource.DESK,
        ground=LegalGround.DUTY,
        term=Term("长期保存：它说明号码为什么变了"),
        of=_of_either,
        stays="说明号码为什么变了、谁核对的",
    ),
)

WITHOUT = {
    "person_changes.PersonChange": (
        "holder",
        "other",
        "new_number",  # emptied with the decision
        "proposed_by",
        "decided_by",
    )
}
