from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class VerificationConfig(AppConfig):
    name = "apps.verification"
    verbose_name = "身份核验"

    def ready(self):
        autodiscover_modules("ways")
