"""What is kept of identity checks: results, no pictures and no measures of a face."""

from django.db.models import Q

from apps.common.kept_data import Category, DataSource, LegalGround, PersonalData, Receiver, Term
from apps.verification import registry


def _own(holder, reader):
    """Checks are of whoever acted: a child's other guardian does not read them."""
    return Q(holder=holder.pk, by=reader)


def _of_own_check(holder, reader):
    return Q(of_check__holder=holder.pk, of_check__by=reader)


KEPT = (
    PersonalData(
        category=Category.CHECK,
        model="verification.Check",
        fields=(
            "reference",
            "purpose",
            "method",
            "outcome",
            "score",
            "status",
            "status_since",
            "created_at",
            "expires_at",
            "decided_at",
        ),
        purpose="确认是您本人在办",
        source=DataSource.PORTAL,
        ground=LegalGround.DUTY,
        term=Term("和办理记录一起长期保存"),
        of=_own,
        about="holder",
        texts={"method": lambda row: registry.labels().get(row.method, row.method)},
        stays="证明那一步是您办的；人脸图像不保存",
    ),
    PersonalData(
        category=Category.CHECK,
        model="verification.FaceTry",
        fields=("likeness", "score", "at"),
        purpose="限制次数，审核人判断",
        source=DataSource.PORTAL,
        ground=LegalGround.SEPARATE_CONSENT,
        term=Term("比对", "FACE_TRY_RETENTION"),
        of=_of_own_check,
        about="of_check__holder",
        stays="限制一小时内比对的次数，到期删除",
    ),
    PersonalData(
        category=Category.CHECK,
        model="verification.OneTimeCode",
        fields=("created_at", "expires_at", "tries", "used_at"),
        purpose="核对短信验证码；只有不能还原的摘要",
        source=DataSource.PORTAL,
        ground=LegalGround.DUTY,
        term=Term("发出", "CODE_RETENTION"),
        receivers=(Receiver.SMS,),
        of=_of_own_check,
        about="of_check__holder",
        stays="限制试错的次数，到期删除",
    ),
)

WITHOUT = {
    "verification.Check": ("holder", "by", "card_request", "next_url"),
    "verification.FaceTry": ("of_check",),
    "verification.OneTimeCode": ("of_check", "phone_index", "digest"),
}
