from apps.common.navigation import NavigationEntry, NavigationPlace, is_signed_in

ENTRIES = (
    NavigationEntry(
        NavigationPlace.TABS, 50, "我的", "account:mine", icon="user", css_class="small-only"
    ),
    NavigationEntry(NavigationPlace.MENU, 10, "我的", "account:mine", icon="user"),
    NavigationEntry(
        NavigationPlace.MENU,
        30,
        "修改密码",
        "account_change_password",
        icon="lock",
        group="账户安全",
        is_shown=is_signed_in,
    ),
    NavigationEntry(
        NavigationPlace.MENU,
        32,
        "两步验证",
        "mfa_index",
        icon="shield",
        group="账户安全",
        is_shown=is_signed_in,
    ),
    NavigationEntry(
        NavigationPlace.MENU,
        33,
        "登录的设备",
        "account:sessions",
        icon="device",
        group="账户安全",
        is_shown=is_signed_in,
    ),
    NavigationEntry(
        NavigationPlace.MENU,
        34,
        "登录记录",
        "account:sign_ins",
        icon="clock",
        group="账户安全",
        is_shown=is_signed_in,
    ),
    NavigationEntry(
        NavigationPlace.MENU,
        36,
        "我的同意",
        "account:agreements",
        icon="document",
        group="我的信息",
        is_shown=is_signed_in,
    ),
    # Pages ask here how much of the session is left (static/js/session_end.js).
    NavigationEntry(NavigationPlace.LINKED, 90, "还在办理", "account:still_here"),
    NavigationEntry(NavigationPlace.MENU, 80, "显示设置", "account:look", icon="sun"),
)
