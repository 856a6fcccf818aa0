from apps.common.navigation import Entry, Place

ENTRIES = (
    Entry(
        Place.MATTERS,
        50,
        "临时挂失",
        "loss_report:guide",
        icon="shield",
        line="一时找不到卡，先停用，到期自动恢复",
    ),
)
