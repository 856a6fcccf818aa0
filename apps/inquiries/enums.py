"""Statuses and actions of an inquiry. Stored values never change."""

from django.db import models


class InquiryStatus(models.TextChoices):
    OPEN = "OPEN", "等待答复"
    ANSWERED = "ANSWERED", "已答复"
    SETTLED = "SETTLED", "已随申请办理"


class InquiryAction(models.TextChoices):
    ASK = "ASK", "请人事处修改"
    ANSWER = "ANSWER", "人事处答复"
    SETTLE = "SETTLE", "随申请办理"
    REOPEN = "REOPEN", "审核决定撤回，恢复等待答复"
