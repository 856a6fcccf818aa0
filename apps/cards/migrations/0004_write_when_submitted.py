# by hand: the moment of the submission, which was in the book of events alone
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery

ROWS = 5000


def write_moments(apps, schema_editor):
    """Every submitted request gets the moment of its SUBMIT event, some thousand at a time."""
    requests = apps.get_model("cards", "CardRequest").objects.using(schema_editor.connection.alias)
    events = apps.get_model("events", "Event").objects.using(schema_editor.connection.alias)
    submitted = events.filter(
        subject_kind="request", subject_id=OuterRef("pk"), action="SUBMIT"
    ).values("at")[:1]
    last = 0
    while keys := list(
        requests.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:ROWS]
    ):
        last = keys[-1]
        requests.filter(pk__in=keys).update(submitted_at=Subquery(submitted))


class Migration(migrations.Migration):
    dependencies = [
        ("cards", "0003_collect_by_unit"),
        ("events", "0002_make_events_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="cardrequest",
            name="submitted_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="提交时间"),
        ),
        migrations.RunPython(write_moments, migrations.RunPython.noop),
    ]
