from django.apps import AppConfig

from apps.case_list.tools import Tool, register
from apps.desk import roles


class BulkConfig(AppConfig):
    name = "apps.bulk"
    verbose_name = "批量审核"

    def ready(self):
        register(Tool("看照片，成批通过", "admin:bulk_bulkrun_sheet", roles.DECIDE))
        register(Tool("批量办理这些", "admin:bulk_bulkrun_new", roles.DECIDE))
