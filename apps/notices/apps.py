from django.apps import AppConfig

from apps.notices import table


class NoticesConfig(AppConfig):
    name = "apps.notices"
    verbose_name = "消息"

    def ready(self):
        table.collect()
