from django.apps import AppConfig


class ApplicationConfig(AppConfig):
    name = "apps.application"
    verbose_name = "社会保障卡申领"
