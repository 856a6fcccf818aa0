from django.apps import AppConfig


class LatenessConfig(AppConfig):
    name = "apps.lateness"
    verbose_name = "承诺时限"
