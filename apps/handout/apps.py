from django.apps import AppConfig


class HandoutConfig(AppConfig):
    name = "apps.handout"
    verbose_name = "单位领卡"
