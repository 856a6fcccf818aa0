from django.apps import AppConfig
from django.conf import settings

from apps.logs import error_tracker


class OperationsConfig(AppConfig):
    name = "apps.operations"
    verbose_name = "运行"

    def ready(self):
        if settings.SENTRY_DSN:
            error_tracker.start(dsn=settings.SENTRY_DSN, release=settings.RELEASE)
