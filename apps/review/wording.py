"""The words for decisions that are made, and for looks that come with a claim."""

from django.conf import settings

from apps.cards.enums import RequestAction
from apps.common.rules import rule_text
from apps.payments import refunds

DONE = {
    RequestAction.APPROVE: "已审核通过，这件申请将送制卡中心制作。",
    RequestAction.REQUEST_AMENDMENT: "已请申请人修改，修改提交后会回到待审核列表。",
    RequestAction.REJECT: "已审核不通过，申请人会收到原因。",
}
# Why a reviewer who has claimed a case is shown data in full.
DIFFERENCES = "领办后核对不一致的项"
REGISTERED = "领办后核对登记的内容"
FIRST_OF_TWO = "已记为初审通过。这件申请有风险提示，由另一位同事复核后才送制卡中心。"


def done(action):
    """What a reviewer reads after the decision `action`: what follows, and until when it can be
    taken back.
    """
    undo = rule_text("DECISION_UNDO_WINDOW") if settings.DECISION_UNDO_WINDOW else ""
    return DONE[action] + refunds.words(action) + (f"{undo}内可以撤回。" if undo else "")
