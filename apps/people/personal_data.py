"""What is kept about accounts, people, guardians and consents."""

from django.db.models import Q

from apps.common.kept_data import (
    Category,
    DataSource,
    LegalGround,
    PersonalData,
    Receiver,
    Term,
)
from apps.people.documents import NATIONALITIES
from apps.people.models import Holder

_IN_ROSTER = Term("在职期间；离职", "LEFT_RETENTION", "清空")
_AS_LONG_AS_RECORDS = Term("和办理记录一起长期保存：它说明记录是谁的")


def _registrations(holder, reader):
    """What `reader` registered; the person reads all that were made of the person."""
    own = Q(guardian=holder.pk, guardian__user=reader)
    return own | (Q(ward=holder.pk) & (Q(guardian__user=reader) | Q(ward__user=reader)))


def _consents(holder, reader):
    """What `reader` agreed to for the person, also by an account that was merged into this one."""
    by = Q(user=reader) | Q(user__holder__merged_into__user=reader)
    return Q(holder__in=Holder.objects.records_of(holder)) & by


def _proofs(holder, reader):
    """Pictures show the papers of whoever uploaded them: nobody else reads them."""
    return Q(guardianship__ward=holder.pk, guardianship__guardian__user=reader)


KEPT = (
    PersonalData(
        category=Category.IDENTITY,
        model="people.Holder",
        fields=("name", "id_type", "id_number", "birth_date", "sex", "nationality"),
        title="身份",
        purpose="认出是您，核对办理资格",
        source=DataSource.ROSTER,
        ground=LegalGround.EMPLOYMENT,
        term=_AS_LONG_AS_RECORDS,
        of="pk",
        data={"name": "name", "id_number": "id_number", "birth_date": "birth_date"},
        texts={"nationality": lambda row: NATIONALITIES.get(row.nationality, row.nationality)},
        stays="社保卡和办理记录要靠它认出是谁的；有误的可以请人事处更正",
    ),
    PersonalData(
        category=Category.IDENTITY,
        model="people.Holder",
        fields=(
            "ethnicity",
            "phone",
            "former_phone",
            "address",
            "occupation",
            "department",
            "has_card_elsewhere",
            "reference_photo",
        ),
        title="联系方式、工作和照片",
        purpose="填好申请、发通知，人脸比对的参照",
        source=DataSource.ROSTER,
        ground=LegalGround.EMPLOYMENT,
        term=_IN_ROSTER,
        receivers=(Receiver.SMS,),
        of="pk",
        data={"phone": "phone", "former_phone": "phone", "address": "address"},
        stays="在职期间人事管理要用；有误的可以请人事处更正",
    ),
    PersonalData(
        category=Category.IDENTITY,
        model="people.Holder",
        fields=("deceased_date", "left_date", "closed_at", "forgotten_at", "merged_into"),
        title="离开的日期",
        purpose="不再替离开的人办理，到期清空",
        source=DataSource.ROSTER,
        ground=LegalGround.EMPLOYMENT,
        term=_AS_LONG_AS_RECORDS,
        of="pk",
        stays="没有它就不知道该在什么时候清空",
    ),
    PersonalData(
        category=Category.ACCOUNT,
        model="people.User",
        fields=("employee_number", "is_active", "is_staff", "created_at", "last_login"),
        purpose="登录",
        source=DataSource.ROSTER,
        ground=LegalGround.EMPLOYMENT,
        term=_AS_LONG_AS_RECORDS,
        of="holder",
        stays="办理记录写着由哪个账户办的",
    ),
    PersonalData(
        category=Category.ACCOUNT,
        model="people.User",
        fields=("password",),
        title="密码",
        purpose="登录；只有不能还原的摘要",
        source=DataSource.SELF,
        ground=LegalGround.EMPLOYMENT,
        term=Term("离职", "ACCOUNT_CLOSED_AFTER", "注销账户时作废"),
        of="holder",
        texts={"password": lambda row: "已设置" if row.has_usable_password() else "没有"},
        stays="没有密码就不能登录；可以修改",
    ),
    PersonalData(
        category=Category.ACCOUNT,
        model="people.User",
        fields=("theme", "edition"),
        title="显示设置",
        purpose="按您选的样子显示",
        source=DataSource.SELF,
        ground=LegalGround.CONSENT,
        term=Term("改掉或清除之前"),
        of="holder",
    ),
    PersonalData(
        category=Category.ACCOUNT,
        model="people.UnsentForm",
        fields=("path", "sealed", "kept_at"),
        purpose="登录过期后，把没有交出的内容填回去",
        source=DataSource.SELF,
        ground=LegalGround.CONSENT,
        term=Term("提交", "UNSENT_FORM_LIFETIME"),
        of="account__holder",
        texts={"sealed": lambda row: "加密保存，只在那一页填回去"},
    ),
    PersonalData(
        category=Category.FAMILY,
        model="people.Guardianship",
        fields=(
            "reference",
            "ward_name",
            "relation",
            "proof_kind",
            "created_at",
            "status",
            "status_since",
            "refusal_reason",
            "ends_at",
        ),
        purpose="确认谁可以替孩子办理",
        source=DataSource.SELF,
        ground=LegalGround.CONSENT,
        term=_AS_LONG_AS_RECORDS,
        of=_registrations,
        about="ward",
        data={"ward_name": "name"},
        stays="证明当时由谁替孩子办理",
    ),
    PersonalData(
        category=Category.FAMILY,
        model="people.GuardianshipProof",
        fields=("number", "picture"),
        purpose="证明监护关系",
        source=DataSource.SELF,
        ground=LegalGround.SEPARATE_CONSENT,
        term=Term("人事处作出决定", "PROOF_RETENTION"),
        of=_proofs,
        about="guardianship__ward",
    ),
    PersonalData(
        category=Category.CONSENT,
        model="people.Consent",
        fields=("kind", "text_version", "given_at", "withdrawn_at", "ip"),
        purpose="证明您同意过、撤回过什么",
        source=DataSource.SELF,
        ground=LegalGround.DUTY,
        term=Term("对应的信息删除以后", "CONSENT_KEPT_YEARS"),
        of=_consents,
        about="holder",
        stays="证明处理是经过同意的；可以撤回，撤回也记着",
    ),
)

WITHOUT = {
    "people.User": ("is_superuser",),
    "people.Holder": (
        "reference",
        "user",
        "name_key",
        "birth_date_index",
        "id_number_index",
        "id_tail_index",
        "phone_index",
        "address_index",
    ),
    "people.Guardianship": ("guardian", "ward"),
    "people.GuardianshipProof": ("guardianship",),
    "people.Consent": ("user", "holder", "over_at"),
    "people.ConsentText": ("kind", "version", "words", "first_given_at"),
    "people.UnsentForm": ("browser", "account"),
}
