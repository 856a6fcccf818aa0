"""What is kept of what was filled in for a request."""

from apps.common.kept_data import Category, DataSource, LegalGround, PersonalData, Receiver, Term
from apps.people.documents import NATIONALITIES
from apps.requests import registry

_TO_MAKE_THE_CARD = (Receiver.BUREAU, Receiver.BANK)
_DATA = {column: d.datum for d in registry.every() if d.datum for column in d.columns}


def _extra(row):
    return "；".join(
        f"{registry.get(name).label}：{text}" for name, text in row.extra_values.items() if text
    )


def _nationality(row):
    return NATIONALITIES.get(row.nationality, row.nationality)


def _asked(row):
    return "、".join(registry.get(item["field"]).label for item in row.items)


def _findings(row):
    return f"{len(row.portrait_findings)} 项检查" if row.portrait_findings else ""


KEPT = (
    PersonalData(
        category=Category.APPLICATION,
        model="requests.Particulars",
        fields=("name", "id_number", "birth_date"),
        title="申请里的身份",
        purpose="制卡，核对资格",
        source=DataSource.ROSTER,
        ground=LegalGround.SEPARATE_CONSENT,
        term=Term("领取或申请终止", "DATA_RETENTION", "清空"),
        receivers=_TO_MAKE_THE_CARD,
        of="card_request__holder",
        data=_DATA,
        stays="办理中和办结后的核对要用，到期清空；草稿里的随草稿删除",
    ),
    PersonalData(
        category=Category.APPLICATION,
        model="requests.Particulars",
        fields=("id_type", "sex", "nationality", "guardian_relation"),
        title="申请里的证件类型等",
        purpose="制卡；以后说明这件申请是什么人的",
        source=DataSource.ROSTER,
        ground=LegalGround.CONSENT,
        term=Term("长期保存：留在申请的档案里"),
        receivers=_TO_MAKE_THE_CARD,
        of="card_request__holder",
        texts={"nationality": _nationality},
        stays="没有它就说不清这件申请按什么规定办的",
    ),
    PersonalData(
        category=Category.APPLICATION,
        model="requests.Particulars",
        fields=(
            "ethnicity",
            "id_valid_from",
            "id_valid_until",
            "phone",
            "address",
            "occupation",
            "household_type",
            "extra",
            "saved_at",
        ),
        title="申请里填写的内容",
        purpose="制卡，开立卡上的金融账户，联系您",
        source=DataSource.SELF,
        ground=LegalGround.SEPARATE_CONSENT,
        term=Term("领取或申请终止", "DATA_RETENTION", "清空"),
        receivers=_TO_MAKE_THE_CARD,
        of="card_request__holder",
        data=_DATA,
        texts={"extra": _extra},
        written_by="saved_by",
        contact=("phone", "address"),
        stays="办理中和办结后的核对要用，到期清空；草稿里的随草稿删除",
    ),
    PersonalData(
        category=Category.APPLICATION,
        model="requests.Particulars",
        fields=("typed",),
        title="草稿的原文",
        purpose="没有交的草稿，下次接着填",
        source=DataSource.SELF,
        ground=LegalGround.CONSENT,
        term=Term("最后一次保存", "DRAFT_RETENTION", "清空"),
        of="card_request__holder",
        texts={"typed": lambda row: "填了一半的内容，见申请的填写页" if row.typed else ""},
    ),
    PersonalData(
        category=Category.APPLICATION,
        model="requests.Particulars",
        fields=(
            "portrait",
            "portrait_source",
            "portrait_crop",
            "portrait_findings",
            "is_portrait_close",
            "portrait_offered_at",
            "portrait_saved_at",
        ),
        title="证件照片",
        purpose="印在卡面上；审核",
        source=DataSource.SELF,
        ground=LegalGround.SEPARATE_CONSENT,
        term=Term("领取或申请终止", "PORTRAIT_RETENTION"),
        receivers=_TO_MAKE_THE_CARD,
        of="card_request__holder",
        texts={"portrait_findings": _findings},
    ),
    PersonalData(
        category=Category.APPLICATION,
        model="requests.Amendment",
        fields=("items", "due_date", "asked_at", "answered_at", "is_own", "is_recalled"),
        purpose="请您修改的内容",
        source=DataSource.DESK,
        ground=LegalGround.DUTY,
        term=Term("和办理记录一起长期保存"),
        of="card_request__holder",
        texts={"items": _asked},
        stays="证明审核的经过",
    ),
    PersonalData(
        category=Category.APPLICATION,
        model="requests.Amendment",
        fields=("before",),
        title="修改前的内容",
        purpose="让审核人看到改了什么",
        source=DataSource.SELF,
        ground=LegalGround.SEPARATE_CONSENT,
        term=Term("领取或申请终止", "DATA_RETENTION", "清空"),
        of="card_request__holder",
        texts={"before": lambda row: "改之前的内容，只给审核人对照" if row.before else ""},
        stays="审核要对照，到期清空",
    ),
    PersonalData(
        category=Category.APPLICATION,
        model="requests.Amendment",
        fields=("portrait_before",),
        title="换下的照片",
        purpose="让审核人看到换下的照片",
        source=DataSource.SELF,
        ground=LegalGround.SEPARATE_CONSENT,
        term=Term("领取或申请终止", "PORTRAIT_RETENTION"),
        of="card_request__holder",
    ),
    PersonalData(
        category=Category.APPLICATION,
        model="requests.PictureMark",
        fields=("mark", "handed_in_at", "replaced_at"),
        texts={"mark": lambda row: "带密钥的摘要，不显示"},
        title="照片文件的摘要",
        purpose="同一个照片文件给别人用时看得出来；不能还原出照片，也不是人脸特征",
        source=DataSource.PORTAL,
        ground=LegalGround.DUTY,
        term=Term("提交", "PICTURE_MARK_RETENTION"),
        of="holder",
        stays="防止同一张照片给别人用，到期自动删除",
    ),
    PersonalData(
        category=Category.APPLICATION,
        model="requests.PictureTrace",
        fields=("trace", "noted_at"),
        texts={"trace": lambda row: "加密保存，不显示"},
        title="照片的明暗走向",
        purpose="系统存过的照片不能冒充现场拍的；只和本人核验时的照片比对，还原不出清晰的照片",
        source=DataSource.PORTAL,
        ground=LegalGround.DUTY,
        term=Term("记下", "PICTURE_MARK_RETENTION"),
        of="holder",
        stays="防止用旧照片冒充本人，到期、注销账户或停用人脸比对时自动删除",
    ),
)

WITHOUT = {
    "requests.Particulars": (
        "card_request",
        "name_key",
        "birth_date_index",
        "id_number_index",
        "phone_index",
        "address_index",
        "guardian",
        "source_offered_at",
        "saved_by",
        "edited",
        "forgotten_at",
    ),
    "requests.Amendment": ("card_request", "asked_by", "answered_by"),
    "requests.PictureMark": ("card_request", "holder"),
    "requests.PictureTrace": ("card_request", "holder"),
    "requests.DiscardedFile": ("name", "discarded_at", "next_try_at"),
    "requests.StageDuration": (
        "city",
        "bank",
        "stage",
        "median_days",
        "p90_days",
        "sample",
        "computed_at",
    ),
}
