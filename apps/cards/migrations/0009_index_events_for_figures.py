from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cards", "0008_exchange_files_with_the_bureau")]

    operations = [
        migrations.AddIndex(
            model_name="cardevent",
            index=models.Index(
                condition=models.Q(("subject", "REQUEST")),
                fields=["action", "at"],
                name="event_for_figures",
            ),
        ),
    ]
