# by hand
from django.db import migrations

from apps.bills.guarded import BILLS, LINES
from apps.events import append_only


def protect(apps, schema_editor):
    for guard in (BILLS, LINES):
        append_only.protect(schema_editor.connection, guard)


def unprotect(apps, schema_editor):
    for guard in (BILLS, LINES):
        append_only.unprotect(schema_editor.connection, guard)


class Migration(migrations.Migration):
    dependencies = [("bills", "0001_create_bills")]

    operations = [migrations.RunPython(protect, unprotect)]
