from apps.common.navigation import NavigationEntry, NavigationPlace
from apps.common.rules import rule_text


def is_for_a_replacement(context):
    """A page of another matter that shows the request for a replacement."""
    card_request = context.get("card_request")
    namespace = context["request"].resolver_match.app_name
    return namespace == "application" and card_request is not None and card_request.is_replacement


ENTRIES = (
    NavigationEntry(
        NavigationPlace.MATTERS,
        40,
        "补换",
        "replacement:guide",
        icon="swap",
        title="社会保障卡补换",
        line=f"卡丢了或坏了，先正式挂失，再领新卡；满{rule_text('REPLACEMENT_FROM_AGE')}才能在网上办",
        also_current=is_for_a_replacement,
    ),
)
