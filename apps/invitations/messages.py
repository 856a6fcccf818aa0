"""The SMS that invites a new person to the portal."""

from apps.common.rules import rule_text
from apps.events.messages import DirectText, Placeholder

_LIFETIME = rule_text("INVITATION_LIFETIME", gap=" ")
PLACEHOLDERS = (
    Placeholder("link", "链接", "https://门户的网址/accounts/welcome/…", is_needed=True),
    Placeholder("unit", "单位", "某某大学"),
    Placeholder('rule "INVITATION_LIFETIME" gap=" "', "多长时间", _LIFETIME, is_needed=True),
)

INVITATION = DirectText(
    "INVITATION",
    "验证码和链接",
    "开户邀请",
    "invitations/messages/invitation.txt",
    "名册里新加的人，还没有设置过密码的",
)
TEXTS = (INVITATION,)
