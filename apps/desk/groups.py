"""Gives Django's groups the permissions of the roles."""

from django.apps import apps as installed
from django.db.models import Q

from apps.desk.roles import READS_ALL, ROLES


def sync_groups(app_config, using, **kwargs):
    """Give each group of `ROLES` exactly its permissions; runs after every migration.

    Runs after the last app with models: Django has made the permissions of all apps before.
    """
    groups = installed.get_model("auth", "Group").objects.using(using)
    permissions = installed.get_model("auth", "Permission").objects.using(using)
    for name, wanted in ROLES.items():
        group, _ = groups.get_or_create(name=name)
        chosen = Q(pk__in=[])
        for permission in wanted:
            app_label, codename = permission.split(".")
            chosen |= Q(content_type__app_label=app_label, codename=codename)
        if name in READS_ALL:
            labels = [c.label for c in installed.get_app_configs() if c.name.startswith("apps.")]
            chosen |= Q(content_type__app_label__in=labels, codename__startswith="view_")
        group.permissions.set(permissions.filter(chosen))
