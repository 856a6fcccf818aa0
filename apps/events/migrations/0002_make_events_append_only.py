# by hand
from django.db import migrations

from apps.events import append_only


def protect(apps, schema_editor):
    append_only.protect(schema_editor.connection)


def unprotect(apps, schema_editor):
    append_only.unprotect(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("events", "0001_create_events")]

    operations = [migrations.RunPython(protect, unprotect)]
