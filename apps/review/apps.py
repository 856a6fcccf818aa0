from django.apps import AppConfig
from django.db.models.signals import post_migrate

from apps.review.roles import sync_groups


class ReviewConfig(AppConfig):
    name = "apps.review"
    verbose_name = "审核"

    def ready(self):
        post_migrate.connect(sync_groups, sender=self, dispatch_uid="review.roles")
