# by hand
from django.db import migrations

from apps.events import append_only
from apps.events.guarded import EVENTS


def protect(apps, schema_editor):
    append_only.protect(schema_editor.connection, EVENTS)


def unprotect(apps, schema_editor):
    append_only.unprotect(schema_editor.connection, EVENTS)


class Migration(migrations.Migration):
    dependencies = [("events", "0001_create_events")]

    operations = [migrations.RunPython(protect, unprotect)]
