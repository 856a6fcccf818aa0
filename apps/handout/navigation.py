from apps.common.navigation import NavigationEntry, NavigationPlace, is_signed_in

ENTRIES = (
    NavigationEntry(
        NavigationPlace.MENU,
        20,
        "单位领卡",
        "handout:index",
        icon="card",
        is_shown=is_signed_in,
    ),
)
