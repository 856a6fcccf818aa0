"""The words for decisions that are made, and taken back."""

from django.conf import settings

from apps.cards.enums import RequestAction, RequestStatus
from apps.common.rules import rule_text
from apps.payments import refunds

DONE = {
    RequestAction.APPROVE: "已审核通过，这件申请将送制卡中心制作。",
    RequestAction.REQUEST_AMENDMENT: "已请申请人修改，修改提交后会回到待审核列表。",
    RequestAction.REJECT: "已审核不通过，申请人会收到原因。",
}
FIRST_OF_TWO = "已记为初审通过。这件申请有风险提示，由另一位同事复核后才送制卡中心。"
# The words for taking back each decision: on its button, and in the history of the case.
RECALL_WORDS = {
    RequestAction.APPROVE: "撤回审核通过",
    RequestAction.REQUEST_AMENDMENT: "撤回退回修改",
    RequestAction.REJECT: "撤回审核不通过",
}
# What a decision that can still be taken back has not set off yet.
RECALL_SAYS = {
    RequestStatus.APPROVED: "还没有送往制卡中心，申请人也还没有收到通知。",
    RequestStatus.NEEDS_AMENDMENT: "申请人还没有收到通知，也没有开始修改。",
    RequestStatus.REJECTED: "申请人还没有收到通知，付过的款也还没有退。",
}


def done(action):
    """What a reviewer reads after the decision `action`: what follows, and until when it can be
    taken back.
    """
    undo = rule_text("DECISION_UNDO_WINDOW") if settings.DECISION_UNDO_WINDOW else ""
    return DONE[action] + refunds.words(action) + (f"{undo}内可以撤回。" if undo else "")
