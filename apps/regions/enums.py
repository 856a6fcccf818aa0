"""Which services a city can open."""

from django.db import models


class Service(models.TextChoices):
    """The five matters, in the order in which the open-area page lists them."""

    APPLY = "APPLY", "社会保障卡申领"
    ACTIVATE = "ACTIVATE", "社会保障卡启用"
    REPLACE = "REPLACE", "社会保障卡补换"
    LOSS_REPORT = "LOSS_REPORT", "社会保障卡临时挂失"
    PROGRESS = "PROGRESS", "社会保障卡制卡进度查询"
