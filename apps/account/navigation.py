from apps.common.navigation import Entry, Place, is_signed_in

ENTRIES = (
    Entry(
        Place.MENU, 30, "修改密码", "account_change_password", icon="lock", is_shown=is_signed_in
    ),
)
