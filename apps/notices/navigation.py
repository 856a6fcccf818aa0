from django.conf import settings

from apps.common.navigation import NavigationEntry, NavigationPlace, is_signed_in

ENTRIES = (
    NavigationEntry(
        NavigationPlace.MENU,
        36,
        "消息接收方式",
        "notices:way",
        icon="bell",
        is_shown=is_signed_in,
    ),
    NavigationEntry(
        NavigationPlace.MENU,
        60,
        "演示收件箱",
        "notices:outbox",
        icon="phone",
        is_shown=lambda context: settings.DEMO,
    ),
)
