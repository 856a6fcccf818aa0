from apps.common.navigation import Entry, Place

ENTRIES = (
    Entry(Place.LINKED, 10, "我的子女", "children:list"),
    Entry(Place.LINKED, 20, "登记子女", "children:register"),
    Entry(Place.LINKED, 30, "不同意代办", "children:declined"),
)
