"""What people are reminded of, and the life of a run of reminders; values never change."""

from django.db import models

from apps.invitations.funnel import FunnelStep


class ReminderAction(models.TextChoices):
    """One line for each thing that a person is reminded of."""

    INVITE = "INVITE", "提醒：再发邀请"
    BEGIN = "BEGIN", "提醒：开始申领"
    FINISH_DRAFT = "FINISH_DRAFT", "提醒：填完并提交"
    GIVE_ADDRESS = "GIVE_ADDRESS", "提醒：填收件信息"
    PAY = "PAY", "提醒：缴费"
    AMEND = "AMEND", "提醒：修改信息"
    RECEIVE = "RECEIVE", "提醒：确认收卡"
    ACTIVATE = "ACTIVATE", "提醒：启用社保卡"


# Step → what the people who stand there are reminded of. At the other steps they wait for others.
# Somebody without a password is sent the invitation again (`reminding.action_for`).
REMINDED_OF = {
    FunnelStep.ADDED: ReminderAction.BEGIN,
    FunnelStep.INVITED: ReminderAction.BEGIN,
    FunnelStep.SIGNED_IN: ReminderAction.BEGIN,
    FunnelStep.DRAFT: ReminderAction.FINISH_DRAFT,
    FunnelStep.HANDED_IN: ReminderAction.GIVE_ADDRESS,
    FunnelStep.UNPAID: ReminderAction.PAY,
    FunnelStep.AMENDMENT: ReminderAction.AMEND,
    FunnelStep.SENT: ReminderAction.RECEIVE,
    FunnelStep.RECEIVED: ReminderAction.ACTIVATE,
    FunnelStep.REJECTED: ReminderAction.BEGIN,
}
# What somebody cannot do who may not apply online, or has left.
BEGINNING = (ReminderAction.INVITE, ReminderAction.BEGIN, ReminderAction.FINISH_DRAFT)
# Without these a request lapses or stands still: nobody can switch them off.
OBLIGATORY = (ReminderAction.GIVE_ADDRESS, ReminderAction.PAY, ReminderAction.AMEND)


class ReminderRunStatus(models.TextChoices):
    PREPARED = "PREPARED", "待确认"
    RUNNING = "RUNNING", "提醒中"
    DONE = "DONE", "已提醒"


class ReminderRunAction(models.TextChoices):
    PREPARE = "PREPARE", "提醒预检"
    START = "START", "提醒"
    FINISH = "FINISH", "提醒办完"


class ReminderOutcome(models.TextChoices):
    WAITING = "WAITING", "要提醒"
    LEFT_OUT = "LEFT_OUT", "不提醒"
    DONE = "DONE", "已提醒"
