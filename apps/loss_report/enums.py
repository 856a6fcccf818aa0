from django.db import models


class LossReportStatus(models.TextChoices):
    OPEN = "OPEN", "临时挂失中"
    LIFTED = "LIFTED", "已解除"
    EXPIRED = "EXPIRED", "到期自动恢复"
    CONVERTED = "CONVERTED", "已转为正式挂失"
    RETIRED = "RETIRED", "卡已注销"

    @property
    def tone(self):
        """The colour of its tag."""
        return _TONES[self]


_TONES = {
    LossReportStatus.OPEN: "warn",
    LossReportStatus.LIFTED: "ok",
    LossReportStatus.EXPIRED: "ok",
    LossReportStatus.CONVERTED: "bad",
    LossReportStatus.RETIRED: "bad",
}


class LossReportAction(models.TextChoices):
    REPORT = "REPORT", "临时挂失"
    LIFT = "LIFT", "解除挂失"
    EXPIRE = "EXPIRE", "到期自动恢复"
    CONVERT = "CONVERT", "转为正式挂失"
    RETIRE = "RETIRE", "卡已注销"
