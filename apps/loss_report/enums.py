from django.db import models


class Outcome(models.TextChoices):
    """How a temporary loss ended."""

    LIFTED = "LIFTED", "已解除"
    EXPIRED = "EXPIRED", "到期自动恢复"
    CONVERTED = "CONVERTED", "已转为正式挂失"
    RETIRED = "RETIRED", "卡已注销"
