from importlib import import_module

from django.apps import AppConfig

from apps.common import working_days


class RegionsConfig(AppConfig):
    name = "apps.regions"
    verbose_name = "地区与银行"

    def ready(self):
        holidays = import_module("apps.regions.models.holidays")
        working_days.register_source(holidays.present_calendar)
