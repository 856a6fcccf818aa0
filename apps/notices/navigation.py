from django.conf import settings

from apps.common.navigation import NavigationEntry, NavigationPlace

ENTRIES = (
    NavigationEntry(
        NavigationPlace.MENU,
        60,
        "演示收件箱",
        "notices:outbox",
        icon="phone",
        is_shown=lambda context: settings.DEMO,
    ),
)
