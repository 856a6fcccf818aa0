from apps.common.navigation import NavigationEntry, NavigationPlace

ENTRIES = (
    NavigationEntry(NavigationPlace.LINKED, 10, "我的子女", "children:list"),
    NavigationEntry(NavigationPlace.LINKED, 20, "登记子女", "children:register"),
    NavigationEntry(NavigationPlace.LINKED, 30, "不同意代办", "children:declined"),
)
