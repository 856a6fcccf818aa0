"""Which services a city can open, and the two kinds of days in an arrangement of holidays."""

from django.db import models


class Service(models.TextChoices):
    """The five matters, in the order in which the open-area page lists them."""

    APPLY = "APPLY", "社会保障卡申领"
    ACTIVATE = "ACTIVATE", "社会保障卡启用"
    REPLACE = "REPLACE", "社会保障卡补换"
    LOSS_REPORT = "LOSS_REPORT", "社会保障卡临时挂失"
    PROGRESS = "PROGRESS", "社会保障卡制卡进度查询"


class DayKind(models.TextChoices):
    """What the arrangement of a year says of a day."""

    OFF = "OFF", "放假"
    WORK = "WORK", "调休上班"
