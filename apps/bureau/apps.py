from django.apps import AppConfig


class BureauConfig(AppConfig):
    name = "apps.bureau"
    verbose_name = "制卡中心"
