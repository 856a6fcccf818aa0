from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cards", "0004_forget_personal_data")]

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
