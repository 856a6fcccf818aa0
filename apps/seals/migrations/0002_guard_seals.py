# by hand
from django.db import migrations

from apps.events import append_only
from apps.seals.guarded import GUARDS


def protect(apps, schema_editor):
    for guard in GUARDS:
        append_only.protect(schema_editor.connection, guard)


def unprotect(apps, schema_editor):
    for guard in GUARDS:
        append_only.unprotect(schema_editor.connection, guard)


class Migration(migrations.Migration):
    dependencies = [("seals", "0001_create_seals")]

    operations = [migrations.RunPython(protect, unprotect)]
