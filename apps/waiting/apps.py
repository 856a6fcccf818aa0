from django.apps import AppConfig


class WaitingConfig(AppConfig):
    name = "apps.waiting"
    verbose_name = "办理进度"
