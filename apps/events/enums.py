"""In which role and through which channel something happened. Stored values never change."""

from typing import Any

from django.db import models


class Role(models.TextChoices):
    """In which capacity somebody acts; the last three have no user behind them."""

    HOLDER = "HOLDER", "持卡人"
    GUARDIAN = "GUARDIAN", "监护人"
    REVIEWER = "REVIEWER", "审核人"
    STAFF = "STAFF", "工作人员"
    WORKER = "WORKER", "系统"
    GATEWAY = "GATEWAY", "支付平台"
    VISITOR = "VISITOR", "未登录的访客"


# Who acts without an account.
NOBODY = (Role.WORKER, Role.GATEWAY, Role.VISITOR)


class Channel(models.TextChoices):
    WEB = "WEB", "网上办理"
    ADMIN = "ADMIN", "审核后台"
    WORKER = "WORKER", "后台任务"
    GATEWAY = "GATEWAY", "支付通知"
    COMMAND = "COMMAND", "命令行"


# Who acts when no person does, as arguments of a move.
AS_WORKER: dict[str, Any] = {"by": None, "role": Role.WORKER, "channel": Channel.WORKER}
AS_GATEWAY: dict[str, Any] = {"by": None, "role": Role.GATEWAY, "channel": Channel.GATEWAY}
