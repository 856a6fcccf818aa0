from importlib import import_module

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.core.management import call_command
from django.db.models.signals import post_migrate


class PeopleConfig(AppConfig):
    name = "apps.people"
    verbose_name = "人员"

    def ready(self):
        user_logged_in.connect(import_module("apps.people.appearance").note_sign_in)
        post_migrate.connect(_make_cache_table, sender=self, dispatch_uid="people.cache")


def _make_cache_table(*, using, **kwargs):
    """Make the table in which tries to sign in are counted (`settings.CACHES`), if it is missing.

    Django has no migration for it.
    """
    call_command("createcachetable", database=using, verbosity=0)
