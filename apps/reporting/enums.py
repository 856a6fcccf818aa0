"""The steps that figures count."""

from django.db import models


class Milestone(models.TextChoices):
    """The steps of a request on its way to a card in use."""

    SUBMITTED = "SUBMITTED", "提交"
    PAID = "PAID", "缴费"
    APPROVED = "APPROVED", "审核通过"
    MADE = "MADE", "制成"
    SENT = "SENT", "发出"
    RECEIVED = "RECEIVED", "领取"
    ACTIVATED = "ACTIVATED", "启用"
