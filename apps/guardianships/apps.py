from django.apps import AppConfig


class GuardianshipsConfig(AppConfig):
    name = "apps.guardianships"
    verbose_name = "监护关系"
