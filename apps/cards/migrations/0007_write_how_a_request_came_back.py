# by hand: how a request came back to the desk, which was in the book of events alone
from django.db import migrations
from django.db.models import OuterRef, Subquery

ROWS = 5000
WAYS_BACK = ["AMEND", "FAIL", "RESUME"]


def write_ways(apps, schema_editor):
    """Every request with such an event gets the last one, some thousand at a time."""
    requests = apps.get_model("cards", "CardRequest").objects.using(schema_editor.connection.alias)
    events = apps.get_model("events", "Event").objects.using(schema_editor.connection.alias)
    ways = events.filter(
        subject_kind="request", subject_id=OuterRef("pk"), action__in=WAYS_BACK
    )
    all_ways = events.filter(subject_kind="request", action__in=WAYS_BACK)
    back = sorted(set(all_ways.values_list("subject_id", flat=True)))
    for start in range(0, len(back), ROWS):
        way = Subquery(ways.order_by("-pk").values("action")[:1])
        requests.filter(pk__in=back[start : start + ROWS]).update(came_back_by=way)


class Migration(migrations.Migration):
    atomic = False  # each thousand is committed by itself, so that nobody waits for them all

    dependencies = [
        ("cards", "0006_note_how_a_request_came_back"),
        ("events", "0002_make_events_append_only"),
    ]

    operations = [migrations.RunPython(write_ways, migrations.RunPython.noop)]
