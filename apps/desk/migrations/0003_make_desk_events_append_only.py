# by hand
from django.db import migrations

from apps.events import append_only

DESK_EVENTS = "desk_deskevent"


def protect(apps, schema_editor):
    append_only.protect(schema_editor.connection, DESK_EVENTS)


def unprotect(apps, schema_editor):
    append_only.unprotect(schema_editor.connection, DESK_EVENTS)


class Migration(migrations.Migration):
    dependencies = [("desk", "0002_create_desk_2")]

    operations = [migrations.RunPython(protect, unprotect)]
