from django.apps import AppConfig


class RisksConfig(AppConfig):
    name = "apps.risks"
    verbose_name = "风险提示"
