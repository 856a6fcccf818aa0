"""What is kept about cards and the requests for them."""

from apps.common.kept_data import Category, DataSource, LegalGround, PersonalData, Receiver, Term

_FOR_GOOD = Term("长期保存：它是社保卡办理的档案")

KEPT = (
    PersonalData(
        category=Category.CARD,
        model="cards.Card",
        fields=(
            "reference",
            "card_number",
            "city",
            "bank",
            "status",
            "status_since",
            "suspended_until",
        ),
        purpose="您能办启用、挂失和补换",
        source=DataSource.BUREAU,
        ground=LegalGround.DUTY,
        term=_FOR_GOOD,
        of="holder",
        data={"card_number": "card_number"},
        stays="一张卡办过什么，要查得到；注销的卡也一样",
    ),
    PersonalData(
        category=Category.APPLICATION,
        model="cards.CardRequest",
        fields=(
            "reference",
            "kind",
            "replacement_reason",
            "city",
            "bank",
            "status",
            "status_since",
            "submitted_at",
            "is_collected_by_unit",
            "carrier",
            "tracking_number",
        ),
        purpose="办理申领和补换",
        source=DataSource.SELF,
        ground=LegalGround.CONSENT,
        term=_FOR_GOOD,
        receivers=(Receiver.BUREAU, Receiver.BANK),
        of="holder",
        stays="证明办过什么；填写的内容到期再清空",
    ),
)

WITHOUT = {
    "cards.Card": ("holder", "replaces", "card_number_index"),
    "cards.CardRequest": (
        "holder",
        "applicant",
        "review_since",
        "came_back_by",
        "waits_since",
        "rule",
        "old_card",
        "card",
    ),
}
