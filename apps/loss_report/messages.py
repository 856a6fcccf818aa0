"""The reminder that a suspension ends soon."""

from apps.events.messages import PORTAL_AND_SMS, Condition, DirectText, Placeholder

PLACEHOLDERS = (
    Placeholder("ends_at|moment", "到期时间", "2026年12月4日 24:00", is_needed=True),
    Condition("is_young", "要由父母陪同到网点补换", is_needed=True),
    Condition("is_closed", "要到网点补换", is_needed=True),
)

ENDS_SOON = DirectText(
    "ENDS_SOON",
    "临时挂失到期前",
    "到期前一天的提醒",
    "loss_report/messages/ends_soon.txt",
    "持卡人本人；孩子的，告诉每位监护人",
    PORTAL_AND_SMS,
    is_urgent=False,
    has_parts=False,
)
TEXTS = (ENDS_SOON,)
