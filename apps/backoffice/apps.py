from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin import apps as admin
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks


class BackofficeConfig(AppConfig):
    name = "apps.backoffice"
    default = True
    verbose_name = "后台管理"


class DeskSiteConfig(admin.SimpleAdminConfig):
    """Django's admin with our first page.

    Its pages are loaded with the addresses of the portal (sbk_portal/urls.py), so a worker, which
    answers none, does without them.
    """

    default = False
    default_site = "apps.backoffice.site.DeskSite"

    def ready(self):
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(_check_desk, checks.Tags.admin)


def _check_desk(app_configs, **kwargs):
    import_module(settings.ROOT_URLCONF)
    return check_admin_app(app_configs, **kwargs)
