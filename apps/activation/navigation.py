from apps.common.navigation import NavigationEntry, NavigationPlace

ENTRIES = (
    NavigationEntry(
        NavigationPlace.MATTERS,
        30,
        "启用",
        "activation:guide",
        icon="power",
        title="社会保障卡启用",
        line="领到新卡后，从封存变为正常才能使用",
    ),
)
