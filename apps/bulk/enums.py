"""Statuses and actions of a bulk run, and the outcomes of its rows."""

from django.db import models

from apps.cards.enums import RequestAction


class BulkAction(models.TextChoices):
    APPROVE = RequestAction.APPROVE.value, "审核通过"
    REQUEST_AMENDMENT = RequestAction.REQUEST_AMENDMENT.value, "退回修改"
    REJECT = RequestAction.REJECT.value, "审核不通过"


class RunStatus(models.TextChoices):
    PREPARED = "PREPARED", "待开始"
    RUNNING = "RUNNING", "办理中"
    STOPPED = "STOPPED", "已停止"
    DONE = "DONE", "已办完"
    RECALLING = "RECALLING", "撤回中"
    RECALLED = "RECALLED", "已撤回"


UNDER_WAY = (RunStatus.RUNNING, RunStatus.RECALLING)


class RunAction(models.TextChoices):
    PREPARE = "PREPARE", "批量预检"
    START = "START", "批量审核"
    STOP = "STOP", "停止批量审核"
    FINISH = "FINISH", "批量办完"
    RECALL = "RECALL", "整批撤回"
    FINISH_RECALL = "FINISH_RECALL", "整批撤回办完"


class BulkOutcome(models.TextChoices):
    WAITING = "WAITING", "待办理"
    LEFT_OUT = "LEFT_OUT", "这次不办"
    DONE = "DONE", "已办理"
    FAILED = "FAILED", "没有办成"
    NOT_RUN = "NOT_RUN", "停下了，没有办"
    RECALLED = "RECALLED", "已撤回"
    KEPT = "KEPT", "没能撤回"


WITH_REASON = (BulkOutcome.LEFT_OUT, BulkOutcome.FAILED, BulkOutcome.KEPT)
WAS_DECIDED = (BulkOutcome.DONE, BulkOutcome.RECALLED, BulkOutcome.KEPT)
