from django.db import migrations

GROUP = "审核人"


def create_group(apps, schema_editor):
    """The group and its one permission. Permission rows are made after all migrations, so ours is
    made here; the later round finds it there."""
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="cards", model="cardrequest"
    )
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename="review_cardrequest",
        defaults={"name": "可以审核申请"},
    )
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0001_create_disclosure"),
        ("cards", "0001_create_card_lifecycle"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(create_group, migrations.RunPython.noop)]
