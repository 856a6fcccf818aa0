import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('events', '0001_create_events'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='event',
            name='by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='办理人'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['subject_kind', 'subject_id', 'id'], name='event_of_subject'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('holder_id__isnull', False)), fields=['holder_id', 'id'], name='event_of_person'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['at', 'id'], name='event_by_time'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('by__isnull', False)), fields=['by', 'at'], name='event_by_actor'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['subject_kind', 'action', 'at'], name='event_by_kind'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('by__isnull', True), ('role__in', ('WORKER', 'GATEWAY', 'VISITOR'))), models.Q(('by__isnull', False), models.Q(('role__in', ('WORKER', 'GATEWAY', 'VISITOR')), _negated=True)), _connector='OR'), name='event_of_a_person_names_the_user'),
        ),
    ]
