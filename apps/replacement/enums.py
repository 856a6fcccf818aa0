from django.db import models


class LossState(models.TextChoices):
    """How far a formal loss has come; told from its moments, never stored."""

    WAITING = "WAITING", "待确认"
    CONFIRMED = "CONFIRMED", "已确认"
    REFUSED = "REFUSED", "未通过"
    WITHDRAWN = "WITHDRAWN", "已撤销"
