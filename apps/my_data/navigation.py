from apps.common.navigation import NavigationEntry, NavigationPlace, is_signed_in

ENTRIES = (
    NavigationEntry(
        NavigationPlace.MENU,
        35,
        "我的信息",
        "my_data:index",
        icon="user",
        group="我的信息",
        is_shown=is_signed_in,
    ),
)
