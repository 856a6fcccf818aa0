from django.conf import settings

from apps.common.navigation import NavigationEntry, NavigationPlace, is_signed_in

ENTRIES = (
    NavigationEntry(
        NavigationPlace.MENU,
        37,
        "消息接收方式",
        "notices:way",
        icon="bell",
        group="我的信息",
        is_shown=is_signed_in,
    ),
    NavigationEntry(
        NavigationPlace.MENU,
        60,
        "演示收件箱",
        "notices:outbox",
        icon="message",
        is_shown=lambda context: settings.DEMO,
    ),
)
