"""What the desk keeps while it works on a case."""

from django.db.models import Q

from apps.common.kept_data import Category, DataSource, LegalGround, PersonalData, Term

_INTERNAL = "人事处内部的分工，不是关于您的内容；谁看过您的完整信息，另有记录"


def _about(holder, reader):
    return (
        Q(card_request__holder=holder.pk)
        | Q(formal_loss__card__holder=holder.pk)
        | Q(guardianship__ward=holder.pk, guardianship__guardian__user=reader)
    )


KEPT = (
    PersonalData(
        category=Category.WORK,
        model="desk.Claim",
        fields=("claimed_at", "lapses_at"),
        purpose="同一件事只由一位审核人办",
        source=DataSource.DESK,
        ground=LegalGround.DUTY,
        term=Term("办完或放手为止"),
        of=_about,
        stays="办完就删除",
    ),
    PersonalData(
        category=Category.WORK,
        model="desk.Postponement",
        fields=("at", "until_date"),
        purpose="哪一天再办",
        source=DataSource.DESK,
        ground=LegalGround.DUTY,
        term=Term("办完为止"),
        of=_about,
        stays="办完就删除",
    ),
    PersonalData(
        category=Category.WORK,
        model="desk.Postponement",
        fields=("reason",),
        purpose="说明为什么放到以后办",
        source=DataSource.DESK,
        ground=LegalGround.DUTY,
        term=Term("办完为止"),
        not_shown=_INTERNAL,
        stays="办完就删除",
    ),
    PersonalData(
        category=Category.WORK,
        model="desk.Referral",
        fields=("kind", "at", "note", "answer", "answered_at"),
        purpose="审核人之间商量怎样办",
        source=DataSource.DESK,
        ground=LegalGround.DUTY,
        term=Term("和申请一起长期保存"),
        not_shown=_INTERNAL,
        stays="证明审核的经过",
    ),
    PersonalData(
        category=Category.WORK,
        model="admin.LogEntry",
        fields=("action_time", "user", "object_id", "object_repr", "action_flag", "change_message"),
        title="账户的改动",
        labels={
            "action_time": "时间",
            "user": "谁改的",
            "object_id": "账户",
            "object_repr": "账户",
            "action_flag": "动作",
            "change_message": "改了什么",
        },
        purpose="系统管理员改过哪些账户",
        source=DataSource.DESK,
        ground=LegalGround.DUTY,
        term=Term("和办理记录一起长期保存"),
        not_shown=_INTERNAL,
        stays="证明账户是谁改的",
    ),
)

WITHOUT = {
    "desk.Absence": (
        "reference",
        "user",
        "from_date",
        "until_date",
        "deputy",
        "set_at",
        "set_by",
        "ended_at",
    ),
    "desk.Claim": ("card_request", "formal_loss", "guardianship", "by"),
    "desk.Postponement": ("card_request", "formal_loss", "guardianship", "by"),
    "desk.Referral": ("card_request", "formal_loss", "guardianship", "by", "to"),
    "admin.LogEntry": ("content_type",),
}
