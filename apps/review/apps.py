from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.db.models.signals import post_migrate

from apps.review.roles import sync_groups


class ReviewConfig(AppConfig):
    name = "apps.review"
    default = True
    verbose_name = "审核"

    def ready(self):
        post_migrate.connect(sync_groups, sender=self, dispatch_uid="review.roles")


class DeskConfig(admin.AdminConfig):
    """Django's admin with our first page."""

    default = False
    default_site = "apps.review.site.DeskSite"
