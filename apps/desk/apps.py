from django.apps import AppConfig

from apps.desk import event_kinds


class DeskConfig(AppConfig):
    name = "apps.desk"
    verbose_name = "审核台"
    event_kinds = event_kinds.ALL  # known to the book of events from the start
