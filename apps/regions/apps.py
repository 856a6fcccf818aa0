from importlib import import_module

from django.apps import AppConfig

from apps.common import working_days


class RegionsConfig(AppConfig):
    name = "apps.regions"
    verbose_name = "地区与银行"

    def ready(self):
        arranged = import_module("apps.regions.models").ArrangedDay.objects
        working_days.register_source(arranged.calendar)
