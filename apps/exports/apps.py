from django.apps import AppConfig

from apps.desk import roles
from apps.review.listing.tools import Tool, register


class ExportsConfig(AppConfig):
    name = "apps.exports"
    verbose_name = "导出"

    def ready(self):
        register(Tool("导出这些", "admin:exports_export_new", roles.DECIDE))
