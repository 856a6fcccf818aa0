from django.apps import AppConfig


class CorrectionDeskConfig(AppConfig):
    name = "apps.correction_desk"
    verbose_name = "更正请求（审核后台）"
