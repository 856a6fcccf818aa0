"""What is kept of corrections, and of everything that happened."""

from django.db.models import Q

from apps.common.kept_data import Category, DataSource, LegalGround, PersonalData, Term
from apps.events import kinds
from apps.my_data.models import Correction
from apps.people.event_kinds import ACCOUNT, CONSENT, HOLDER
from apps.people.models import Guardianship, Holder


def _own(holder, reader):
    return Q(holder=holder.pk, asked_by=reader)


def _told(holder, reader):
    """What happened to the person: no work inside the desk, and of an account only to its owner.

    Of a child's registrations and corrections each guardian is told the own ones.
    """
    inside = [kind.name for kind in kinds.all_kinds() if kind.is_audit_only]
    found = ~Q(subject_kind__in=inside) | Q(subject_kind__in=[CONSENT.name, HOLDER.name])
    if holder.user_id == reader.pk:
        found |= Q(subject_kind=ACCOUNT.name)
    else:
        registrations = Guardianship.objects.filter(guardian__user=reader)
        corrections = Correction.objects.filter(asked_by=reader)
        for rows in (registrations, corrections):
            kind = rows.model.lifecycle.name
            found &= ~Q(subject_kind=kind) | Q(subject_id__in=rows.values("pk"))
    return Q(holder_id__in=Holder.objects.records_of(holder)) & found


KEPT = (
    PersonalData(
        category=Category.MESSAGE,
        model="my_data.Correction",
        fields=(
            "reference",
            "topic",
            "text",
            "asked_at",
            "due_date",
            "status",
            "status_since",
            "answer",
            "answered_at",
        ),
        purpose="请人事处更正，人事处答复",
        source=DataSource.SELF,
        ground=LegalGround.DUTY,
        term=Term("答复", "CORRECTION_RETENTION", "清空"),
        of=_own,
        about="holder",
        texts={"topic": lambda row: row.topic_label},
        stays="证明您提过、怎样答复的，到期清空",
    ),
    PersonalData(
        category=Category.RECORD,
        model="events.Event",
        fields=("action", "at", "due_at", "role", "channel", "reason"),
        purpose="每一步什么时候、由谁、为什么办的；谁看过您的信息",
        source=DataSource.PORTAL,
        ground=LegalGround.DUTY,
        term=Term("长期保存：数据库不许修改和删除"),
        of=_told,
        about="holder_id",
        texts={"action": lambda row: f"{row.kind.label}：{row.label}"},
        stays="能删的记录证明不了什么；里面没有填写的内容",
    ),
)

WITHOUT = {
    "my_data.Correction": ("holder", "asked_by", "answered_by", "forgotten_at"),
    "events.Event": (
        "subject_kind",
        "subject_id",
        "reference",
        "holder_id",
        "from_status",
        "to_status",
        "by",
        "facts",
    ),
}
