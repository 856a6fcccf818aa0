from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cards", "0006_keep_the_rule_of_a_request"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="cardrequest", name="request_resting_since"),
        migrations.AddIndex(
            model_name="cardrequest",
            index=models.Index(
                fields=["status", "status_since", "id"], name="request_in_status_since"
            ),
        ),
        migrations.AddIndex(
            model_name="cardrequest",
            index=models.Index(fields=["status_since", "id"], name="request_since"),
        ),
        migrations.AddIndex(
            model_name="particulars",
            index=models.Index(
                fields=["name"], name="particulars_by_name", opclasses=["varchar_pattern_ops"]
            ),
        ),
    ]
