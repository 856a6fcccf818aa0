from django.apps import AppConfig


class LossReportConfig(AppConfig):
    name = "apps.loss_report"
    verbose_name = "社会保障卡临时挂失"
