"""The SMS with a one-time code."""

from apps.common.rules import rule_text
from apps.events.messages import DirectText, Placeholder

_LIFETIME = rule_text("CODE_LIFETIME", gap=" ")
PLACEHOLDERS = (
    Placeholder("code", "验证码", "302146", is_needed=True),
    Placeholder("purpose", "用途", "启用社会保障卡", is_needed=True),
    Placeholder('rule "CODE_LIFETIME" gap=" "', "多长时间", _LIFETIME, is_needed=True),
)

CODE = DirectText(
    "CODE",
    "验证码和链接",
    "核验身份的验证码",
    "verification/messages/code.txt",
    "正在办理、要核验身份的人",
)
TEXTS = (CODE,)
