from apps.common.navigation import (
    NavigationEntry,
    NavigationPlace,
    is_of_a_matter,
    is_signed_in,
)
from apps.notices.unread import count


def unread(context):
    return str(count(context["request"]) or "")


def is_at_the_matters(context):
    """A page of a matter, but not of the progress, which is a main page itself."""
    match = context["request"].resolver_match
    return match.app_name != "progress" and is_of_a_matter(context)


ENTRIES = (
    NavigationEntry(
        NavigationPlace.TABS,
        10,
        "首页",
        "home:home",
        icon="home",
        is_current=lambda context: False,
    ),
    NavigationEntry(
        NavigationPlace.TABS,
        20,
        "办事",
        "home:matters",
        icon="grid",
        is_current=lambda context: False,
        also_current=is_at_the_matters,
    ),
    NavigationEntry(
        NavigationPlace.TABS,
        40,
        "办理记录",
        "home:records",
        css_class="wide-only",
        is_shown=is_signed_in,
        is_current=lambda context: False,
    ),
    NavigationEntry(
        NavigationPlace.BELL,
        10,
        "消息",
        "home:messages",
        icon="bell",
        is_shown=is_signed_in,
        badge=unread,
    ),
    NavigationEntry(
        NavigationPlace.MENU, 20, "办理记录", "home:records", icon="receipt", is_shown=is_signed_in
    ),
)
