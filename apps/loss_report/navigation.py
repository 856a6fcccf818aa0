from apps.common.navigation import NavigationEntry, NavigationPlace

ENTRIES = (
    NavigationEntry(
        NavigationPlace.MATTERS,
        50,
        "临时挂失",
        "loss_report:guide",
        icon="pause",
        title="社会保障卡临时挂失",
        line="一时找不到卡，先停用，到期自动恢复",
    ),
)
