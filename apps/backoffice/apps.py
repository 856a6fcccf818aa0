from django.apps import AppConfig
from django.contrib.admin import apps as admin


class BackofficeConfig(AppConfig):
    name = "apps.backoffice"
    default = True
    verbose_name = "后台管理"


class DeskSiteConfig(admin.AdminConfig):
    """Django's admin with our first page."""

    default = False
    default_site = "apps.backoffice.site.DeskSite"
