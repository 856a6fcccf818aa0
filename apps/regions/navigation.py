from apps.common.navigation import NavigationEntry, NavigationPlace

ENTRIES = (
    NavigationEntry(
        NavigationPlace.INFORMATION,
        10,
        "开通地区",
        "regions:areas",
        icon="pin",
        line="查您的城市开通了哪些服务和银行",
    ),
)
