from apps.common.navigation import NavigationEntry, NavigationPlace, is_signed_in
from apps.notices.unread import count


def unread(context):
    number = count(context["request"])
    return f"{number} 条未读" if number else ""


ENTRIES = (
    NavigationEntry(NavigationPlace.MATTERS, 10, "首页", "home:home"),
    NavigationEntry(
        NavigationPlace.MENU, 10, "首页", "home:home", icon="home", css_class="small-only"
    ),
    NavigationEntry(
        NavigationPlace.MENU,
        20,
        "消息",
        "home:messages",
        icon="bell",
        is_shown=is_signed_in,
        badge=unread,
    ),
    NavigationEntry(
        NavigationPlace.MENU,
        70,
        "大字",
        "home:text_size",
        template="home/text_size.html",
        is_shown=lambda context: "request" in context,
    ),
)
