import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('loss_report', '0001_create_loss_report'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='lossreport',
            name='reported_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='挂失人'),
        ),
        migrations.AddIndex(
            model_name='lossreport',
            index=models.Index(condition=models.Q(('reminded_at__isnull', True), ('status', 'OPEN')), fields=['ends_at'], name='loss_report_to_remind'),
        ),
        migrations.AddConstraint(
            model_name='lossreport',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['OPEN', 'LIFTED', 'EXPIRED', 'CONVERTED', 'RETIRED'])), name='loss_report_status_is_known'),
        ),
        migrations.AddConstraint(
            model_name='lossreport',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'OPEN')), fields=('card',), name='one_open_loss_report_per_card', violation_error_message='这张社保卡正在临时挂失。'),
        ),
        migrations.AddConstraint(
            model_name='lossreport',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('reported_at'))), name='loss_report_ends_after_it_begins', violation_error_message='到期时间应晚于挂失时间。'),
        ),
    ]
