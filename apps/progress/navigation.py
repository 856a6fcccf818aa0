from apps.common.navigation import NavigationEntry, NavigationPlace

ENTRIES = (
    NavigationEntry(
        NavigationPlace.TABS, 30, "进度", "progress:list", icon="route", title="制卡进度"
    ),
    NavigationEntry(
        NavigationPlace.MATTERS,
        60,
        "进度查询",
        "progress:list",
        icon="route",
        title="社会保障卡制卡进度查询",
        line="看卡做到哪一步、该谁办、什么时候能好",
    ),
)
