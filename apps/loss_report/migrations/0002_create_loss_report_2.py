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
            index=models.Index(condition=models.Q(('closed_at__isnull', True), ('reminded_at__isnull', True)), fields=['ends_at'], name='loss_report_to_remind'),
        ),
        migrations.AddConstraint(
            model_name='lossreport',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('card',), name='one_open_loss_report_per_card', violation_error_message='这张社保卡正在临时挂失。'),
        ),
        migrations.AddConstraint(
            model_name='lossreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('outcome', '')), models.Q(('closed_at__isnull', False), ('outcome__in', ['LIFTED', 'EXPIRED', 'CONVERTED', 'RETIRED'])), _connector='OR'), name='closed_loss_report_has_its_outcome', violation_error_message='结束的临时挂失必须有结果，没有结束的不能有。'),
        ),
        migrations.AddConstraint(
            model_name='lossreport',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('reported_at'))), name='loss_report_ends_after_it_begins', violation_error_message='到期时间应晚于挂失时间。'),
        ),
    ]
