from apps.common.navigation import NavigationEntry, NavigationPlace


def is_for_a_first_card(context):
    """The form of this room fills in replacements too; those belong to their own matter."""
    card_request = context.get("card_request")
    return card_request is None or not card_request.is_replacement


ENTRIES = (
    NavigationEntry(
        NavigationPlace.MATTERS,
        20,
        "申领",
        "application:guide",
        icon="card",
        title="社会保障卡申领",
        line="首次申领，卡免费，线上填写，邮寄到家",
        is_current=is_for_a_first_card,
    ),
)
