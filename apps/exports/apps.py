from django.apps import AppConfig

from apps.case_list.tools import Tool, register
from apps.desk import roles


class ExportsConfig(AppConfig):
    name = "apps.exports"
    verbose_name = "导出"

    def ready(self):
        register(Tool("导出这些", "admin:exports_export_new", roles.DECIDE))
