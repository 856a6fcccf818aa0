from apps.common.navigation import NavigationEntry, NavigationPlace, is_signed_in

ENTRIES = (
    NavigationEntry(
        NavigationPlace.MENU,
        34,
        "我的信息",
        "my_data:index",
        icon="document",
        is_shown=is_signed_in,
    ),
)
