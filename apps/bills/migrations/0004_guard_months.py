# by hand
from django.db import migrations

from apps.bills.guarded import ENTRIES, MONTHS
from apps.events import append_only


def protect(apps, schema_editor):
    for guard in (MONTHS, ENTRIES):
        append_only.protect(schema_editor.connection, guard)


def unprotect(apps, schema_editor):
    for guard in (MONTHS, ENTRIES):
        append_only.unprotect(schema_editor.connection, guard)


class Migration(migrations.Migration):
    dependencies = [("bills", "0003_close_months")]

    operations = [migrations.RunPython(protect, unprotect)]
