from apps.common.navigation import NavigationEntry, NavigationPlace, is_signed_in

ENTRIES = (
    NavigationEntry(
        NavigationPlace.MENU,
        30,
        "修改密码",
        "account_change_password",
        icon="lock",
        is_shown=is_signed_in,
    ),
    NavigationEntry(
        NavigationPlace.MENU,
        35,
        "我的同意",
        "account:agreements",
        icon="document",
        is_shown=is_signed_in,
    ),
)
