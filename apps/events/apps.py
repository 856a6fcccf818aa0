from django.apps import AppConfig
from django.core import checks

from apps.common import health
from apps.events import ownership


class EventsConfig(AppConfig):
    name = "apps.events"
    verbose_name = "事件簿"

    def ready(self):
        checks.register(ownership.check_roles, checks.Tags.database, deploy=True)
        health.refuse_while(ownership.trouble)
