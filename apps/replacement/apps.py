from django.apps import AppConfig


class ReplacementConfig(AppConfig):
    name = "apps.replacement"
    verbose_name = "社会保障卡补换"
