"""Statuses, actions and roles of the shared card lifecycle. Stored values never change."""

from django.db import models


class CardStatus(models.TextChoices):
    SEALED = "SEALED", "封存"
    ACTIVE = "ACTIVE", "正常"
    SUSPENDED = "SUSPENDED", "临时挂失"
    LOST = "LOST", "正式挂失"
    RETIRED = "RETIRED", "注销"

    @property
    def tone(self):
        """The colour of its tag."""
        return _CARD_TONES[self]

    @property
    def icon(self):
        """The drawing beside its word."""
        return _CARD_ICONS[self]

    @property
    def is_usable(self):
        """Whether hospitals and pharmacies accept the card for settlement."""
        return self == CardStatus.ACTIVE

    @property
    def awaits_activation(self):
        """Whether the card was never activated."""
        return self == CardStatus.SEALED


_CARD_TONES = {
    CardStatus.SEALED: "info",
    CardStatus.ACTIVE: "ok",
    CardStatus.SUSPENDED: "warn",
    CardStatus.LOST: "bad",
    CardStatus.RETIRED: "bad",
}

_CARD_ICONS = {
    CardStatus.SEALED: "lock",
    CardStatus.ACTIVE: "check",
    CardStatus.SUSPENDED: "pause",
    CardStatus.LOST: "no",
    CardStatus.RETIRED: "close",
}

# A person holds at most one card in one of these.
CARD_IN_HAND = (CardStatus.SEALED, CardStatus.ACTIVE, CardStatus.SUSPENDED)
CARD_NOT_RETIRED = (*CARD_IN_HAND, CardStatus.LOST)


class CardAction(models.TextChoices):
    ISSUE = "ISSUE", "制卡成功"
    ACTIVATE = "ACTIVATE", "启用"
    REPORT_LOSS = "REPORT_LOSS", "临时挂失"
    LIFT = "LIFT", "解除挂失"
    EXPIRE = "EXPIRE", "到期自动恢复"
    CONFIRM_LOSS = "CONFIRM_LOSS", "正式挂失"
    WITHDRAW_LOSS = "WITHDRAW_LOSS", "撤销正式挂失"
    RETIRE = "RETIRE", "注销"


class RequestKind(models.TextChoices):
    FIRST = "FIRST", "申领"
    REPLACEMENT = "REPLACEMENT", "补换"


class RequestStatus(models.TextChoices):
    DRAFT = "DRAFT", "填写中"
    DISCARDED = "DISCARDED", "已放弃"
    SUBMITTED = "SUBMITTED", "待缴费"
    WITHDRAWN = "WITHDRAWN", "已撤销"
    LAPSED = "LAPSED", "到期没缴费"
    PAID = "PAID", "待受理"
    ACCEPTED = "ACCEPTED", "审核中"
    NEEDS_AMENDMENT = "NEEDS_AMENDMENT", "待修改信息"
    APPROVED = "APPROVED", "制卡中"
    REJECTED = "REJECTED", "审核不通过"
    PRODUCED = "PRODUCED", "制卡成功"
    DISPATCHED = "DISPATCHED", "已发出"
    COLLECTED = "COLLECTED", "已领取"

    @property
    def alarm(self):
        """The words of the tag that asks the applicant to act, or "" (manual, figure 13)."""
        return _REQUEST_ALARMS.get(self, "")


_REQUEST_ALARMS = {RequestStatus.NEEDS_AMENDMENT: "需修改信息"}


class Handling(models.TextChoices):
    """Who handed a request in, and who goes on with it, as the desk says it."""

    OWN = "OWN", "本人"
    GUARDIAN = "GUARDIAN", "监护人代办"
    HANDED_OVER = "HANDED_OVER", "监护人代办，已移交本人"

    @property
    def is_by_guardian(self):
        return self is not Handling.OWN

    @property
    def is_handed_over(self):
        return self is Handling.HANDED_OVER


# A person has at most one request in one of these.
REQUEST_IN_FLIGHT = (
    RequestStatus.DRAFT,
    RequestStatus.SUBMITTED,
    RequestStatus.PAID,
    RequestStatus.ACCEPTED,
    RequestStatus.NEEDS_AMENDMENT,
    RequestStatus.APPROVED,
    RequestStatus.PRODUCED,
    RequestStatus.DISPATCHED,
)
REQUEST_ENDED_WITHOUT_CARD = (
    RequestStatus.DISCARDED,
    RequestStatus.WITHDRAWN,
    RequestStatus.LAPSED,
    RequestStatus.REJECTED,
)
REQUEST_FINAL = (*REQUEST_ENDED_WITHOUT_CARD, RequestStatus.COLLECTED)
# Nobody but the applicant has seen it, and it has no rule of its own.
REQUEST_NOT_SUBMITTED = (RequestStatus.DRAFT, RequestStatus.DISCARDED)
REQUEST_WITH_CARD = (RequestStatus.PRODUCED, RequestStatus.DISPATCHED, RequestStatus.COLLECTED)


class RequestAction(models.TextChoices):
    """What can happen to a request; the label is the node on the applicant's timeline."""

    SAVE = "SAVE", "开始填写"
    DISCARD = "DISCARD", "已放弃填写"
    TAKE_OVER = "TAKE_OVER", "由本人重新填写"
    SUBMIT = "SUBMIT", "申请提交成功"
    WITHDRAW = "WITHDRAW", "已撤销"
    LAPSE = "LAPSE", "到期没缴费"
    PAY = "PAY", "缴费成功"
    WAIVE = "WAIVE", "不用缴费"
    ACCEPT = "ACCEPT", "受理制卡申请"
    REQUEST_AMENDMENT = "REQUEST_AMENDMENT", "待修改信息"
    REOPEN = "REOPEN", "自行修改"
    AMEND = "AMEND", "重新受理制卡申请"
    RESUME = "RESUME", "继续审核"
    APPROVE = "APPROVE", "审核通过"
    RECALL = "RECALL", "撤回审核决定"
    RECALL_TO_AMENDMENT = "RECALL_TO_AMENDMENT", "撤回审核不通过，继续修改"
    REJECT = "REJECT", "审核不通过"
    FAIL = "FAIL", "制卡失败，重新审核"
    PRODUCE = "PRODUCE", "制卡成功"
    DISPATCH = "DISPATCH", "已发出"
    COLLECT = "COLLECT", "已领取"
    TAKE_BACK = "TAKE_BACK", "撤回领卡登记"


class Stage(models.TextChoices):
    """The stages of a paid request whose length is measured and promised."""

    REVIEW = "REVIEW", "审核"
    PRODUCE = "PRODUCE", "制卡"
    DISPATCH = "DISPATCH", "发出"
    DELIVER = "DELIVER", "送达"


class ReplacementReason(models.TextChoices):
    """Why a card is replaced; LOST is a 补领, every other one a 换领."""

    LOST = "LOST", "遗失"
    EXPIRED = "EXPIRED", "到期"
    DAMAGED = "DAMAGED", "损坏"
    WORN = "WORN", "卡面污损、残缺不能辨认"
    CHIP_UNREADABLE = "CHIP_UNREADABLE", "芯片不能读写"
    PORTRAIT_CHANGED = "PORTRAIT_CHANGED", "相片变更"
    BANK_CHANGED = "BANK_CHANGED", "服务银行变化"
    AREA_CHANGED = "AREA_CHANGED", "跨省流动参保地变化"
