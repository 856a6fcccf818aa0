"""The words for taking a decision back."""

from apps.cards.enums import RequestAction, RequestStatus

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
