import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('backoffice', '0001_create_backoffice'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='export',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exports', to=settings.AUTH_USER_MODEL, verbose_name='导出人'),
        ),
        migrations.AddIndex(
            model_name='export',
            index=models.Index(condition=models.Q(('status__in', ('WAITING', 'RUNNING'))), fields=['by'], name='export_in_flight'),
        ),
        migrations.AddIndex(
            model_name='export',
            index=models.Index(condition=models.Q(('status', 'READY')), fields=['expires_at'], name='export_to_expire'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(('is_full', False), models.Q(('reason', ''), _negated=True), _connector='OR'), name='full_export_has_a_reason', violation_error_message='导出完整号码必须写明原因。'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['WAITING', 'RUNNING', 'READY', 'EXPIRED', 'FAILED'])), name='export_status_is_known'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('error', ''), ('expires_at__isnull', True), ('file', ''), ('status__in', ('WAITING', 'RUNNING'))), models.Q(('status', 'READY'), ('error', ''), ('expires_at__isnull', False), models.Q(('file', ''), _negated=True)), models.Q(('error', ''), ('expires_at__isnull', False), ('file', ''), ('status', 'EXPIRED')), models.Q(('expires_at__isnull', True), ('file', ''), ('status', 'FAILED'), models.Q(('error', ''), _negated=True)), _connector='OR'), name='export_has_what_its_status_says'),
        ),
    ]
