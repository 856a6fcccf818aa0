"""How people are told, and what becomes of a message. Stored values never change."""

from django.db import models


class MessageWay(models.TextChoices):
    """How somebody wants to be told, besides the page of messages."""

    SMS = "SMS", "短信"
    WECOM = "WECOM", "企业微信"
    MAIL = "MAIL", "电子邮件"
    NONE = "NONE", "只看站内消息"


class NoticeStatus(models.TextChoices):
    WAITING = "WAITING", "等待发送"
    SENT = "SENT", "已发出"
    GIVEN_UP = "GIVEN_UP", "没有发出"
