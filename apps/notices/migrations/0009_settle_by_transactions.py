from django.db import migrations, models


def begin_from_what_is_settled(apps, schema_editor):
    """Which transactions were open when `seen_event` was written down is not known."""
    apps.get_model("notices", "NoticeCursor").objects.update(seen_event=models.F("settled_event"))


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0008_drop_idle_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="noticecursor",
            name="next_transaction",
            field=models.PositiveBigIntegerField(
                db_default=0, default=0, verbose_name="等这之前的事务结束"
            ),
        ),
        migrations.RunPython(begin_from_what_is_settled, migrations.RunPython.noop),
    ]
