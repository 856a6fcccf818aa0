import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cards", "0011_drop_idle_indexes"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="cardrequest",
            index=models.Index(
                condition=models.Q(("tracking_number", ""), _negated=True),
                fields=["tracking_number"],
                name="request_of_parcel",
            ),
        ),
        migrations.AddIndex(
            model_name="cardrequest",
            index=models.Index(
                condition=models.Q(("old_card__isnull", False)),
                fields=["old_card"],
                name="request_of_old_card",
            ),
        ),
        migrations.RemoveIndex(
            model_name="cardrequest",
            name="request_by_parcel",
        ),
        migrations.AlterField(
            model_name="cardrequest",
            name="old_card",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replacement_requests",
                to="cards.card",
                verbose_name="旧卡",
            ),
        ),
    ]
