"""What a guardian reads whose part is over."""

from apps.events.messages import PORTAL_AND_SMS, DirectText, Placeholder

PLACEHOLDERS = (Placeholder("name", "孩子姓名", "*乐", is_needed=True),)

HANDED_OVER = DirectText(
    "HANDED_OVER",
    "孩子满龄以后",
    "代替孩子本人的消息",
    "notices/handed_over.txt",
    "已不再代办的监护人，在孩子还没有账户的时候",
    PORTAL_AND_SMS,
    is_urgent=False,
    has_parts=False,
)
TEXTS = (HANDED_OVER,)
