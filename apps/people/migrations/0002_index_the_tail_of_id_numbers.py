from django.db import migrations, models

import apps.common.fields
from apps.common.reindex import fill


def index_everybody(apps, schema_editor):
    """In batches: a number has to be decrypted before its last characters can be indexed."""
    holder = apps.get_model("people", "Holder")
    fill(holder, holder._meta.get_field("id_tail_index"))


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_create_people"),
    ]

    operations = [
        migrations.AddField(
            model_name="holder",
            name="id_tail_index",
            field=apps.common.fields.BlindIndexField(
                last=4, source="id_number", verbose_name="社会保障号码末四位索引"
            ),
        ),
        migrations.AddIndex(
            model_name="holder",
            index=models.Index(fields=["id_tail_index"], name="holder_by_id_tail"),
        ),
        migrations.AddIndex(
            model_name="holder",
            index=models.Index(
                fields=["name"], name="holder_by_name", opclasses=["varchar_pattern_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="holder",
            index=models.Index(fields=["department"], name="holder_by_department"),
        ),
        migrations.RunPython(index_everybody, migrations.RunPython.noop, elidable=True),
    ]
