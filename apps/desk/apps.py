from importlib import import_module

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

from apps.desk import event_kinds
from apps.desk.groups import sync_groups
from apps.requests.policies import register_readers


class DeskConfig(AppConfig):
    name = "apps.desk"
    verbose_name = "审核后台"
    event_kinds = event_kinds.ALL  # registered before any event is written

    def ready(self):
        live = import_module("apps.desk.claims.live")
        register_readers(live.readers_of, live.may_be_held)
        # After the last app with models, because then the permissions of all apps exist.
        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(sync_groups, sender=last, dispatch_uid="desk.roles")
