from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.db.models.signals import post_migrate

from apps.desk import roles
from apps.review.listing.tools import Tool, register


class BackofficeConfig(AppConfig):
    name = "apps.backoffice"
    default = True
    verbose_name = "后台管理"

    def ready(self):
        # The last app with models: by then the permissions of all the others are there.
        post_migrate.connect(roles.sync_groups, sender=self, dispatch_uid="desk.roles")
        register(Tool("导出这些", "admin:backoffice_export_new", roles.DECIDE))


class DeskSiteConfig(admin.AdminConfig):
    """Django's admin with our first page."""

    default = False
    default_site = "apps.backoffice.site.DeskSite"
