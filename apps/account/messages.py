"""The SMS with which an administrator lets somebody set a new password."""

from apps.common.rules import rule_text
from apps.events.messages import DirectText, Placeholder

_LIFETIME = rule_text("RESET_LINK_LIFETIME", gap=" ")
PLACEHOLDERS = (
    Placeholder("link", "链接", "https://门户的网址/accounts/reset/…", is_needed=True),
    Placeholder('rule "RESET_LINK_LIFETIME" gap=" "', "多长时间", _LIFETIME, is_needed=True),
)

RESET_LINK = DirectText(
    "RESET_LINK",
    "验证码和链接",
    "重设密码的链接",
    "account/messages/reset_link.txt",
    "请管理员帮忙重设密码的人",
)
TEXTS = (RESET_LINK,)
