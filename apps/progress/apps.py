from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "apps.progress"
    verbose_name = "社会保障卡制卡进度查询"
