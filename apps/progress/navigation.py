from apps.common.navigation import NavigationEntry, NavigationPlace

ENTRIES = (
    NavigationEntry(
        NavigationPlace.MATTERS,
        60,
        "进度查询",
        "progress:list",
        icon="clock",
        title="社会保障卡制卡进度查询",
        line="看卡做到哪一步、该谁办、什么时候能好",
    ),
)
