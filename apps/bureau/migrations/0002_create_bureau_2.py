import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('bureau', '0001_create_bureau'),
        ('cards', '0001_create_cards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='bureaufile',
            name='exchanged_by',
            field=models.ForeignKey(blank=True, help_text='空：由后台任务收发', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='上传人'),
        ),
        migrations.AddField(
            model_name='bureaureport',
            name='file',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='bureau.bureaufile', verbose_name='文件'),
        ),
        migrations.AddIndex(
            model_name='productionbatch',
            index=models.Index(condition=models.Q(('status', 'WAITING')), fields=['next_try_at'], name='batch_to_submit'),
        ),
        migrations.AddConstraint(
            model_name='productionbatch',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['WAITING', 'SUBMITTED'])), name='batch_status_is_known'),
        ),
        migrations.AddField(
            model_name='bureaufile',
            name='batch',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='files', to='bureau.productionbatch', verbose_name='批次'),
        ),
        migrations.AddField(
            model_name='productionorder',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='bureau.productionbatch', verbose_name='批次'),
        ),
        migrations.AddField(
            model_name='productionorder',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='production_orders', to='cards.cardrequest', verbose_name='申请'),
        ),
        migrations.AddField(
            model_name='quarantinedline',
            name='file',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quarantined', to='bureau.bureaufile', verbose_name='文件'),
        ),
        migrations.AddField(
            model_name='quarantinedline',
            name='report',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_line', to='bureau.bureaureport', verbose_name='改正后的回盘'),
        ),
        migrations.AddField(
            model_name='quarantinedline',
            name='settled_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='处理人'),
        ),
        migrations.AddField(
            model_name='reportupload',
            name='uploaded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='上传人'),
        ),
        migrations.AddIndex(
            model_name='bureaureport',
            index=models.Index(condition=models.Q(('status', 'APPLIED'), _negated=True), fields=['next_try_at'], name='report_to_apply'),
        ),
        migrations.AddIndex(
            model_name='bureaureport',
            index=models.Index(fields=['order_reference'], name='report_of_order'),
        ),
        migrations.AddConstraint(
            model_name='bureaureport',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['NEW', 'WAITING', 'REFUSED', 'APPLIED'])), name='report_status_is_known'),
        ),
        migrations.AddConstraint(
            model_name='bureaufile',
            constraint=models.UniqueConstraint(fields=('sha256', 'refusal'), name='one_row_per_bureau_file', violation_error_message='这个文件已经登记过。'),
        ),
        migrations.AddConstraint(
            model_name='bureaufile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('batch__isnull', False), ('direction', 'OUT')), models.Q(('batch__isnull', True), ('direction', 'IN')), _connector='OR'), name='bureau_file_that_left_names_its_batch'),
        ),
        migrations.AddConstraint(
            model_name='productionorder',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'FAILED'), _negated=True), fields=('request',), name='one_live_production_order_per_request', violation_error_message='这件申请已经送去制卡。'),
        ),
        migrations.AddConstraint(
            model_name='productionorder',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['OPEN', 'MADE', 'SENT', 'FAILED'])), name='order_status_is_known'),
        ),
        migrations.AddIndex(
            model_name='quarantinedline',
            index=models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['received_at'], name='line_to_settle'),
        ),
        migrations.AddConstraint(
            model_name='quarantinedline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('report__isnull', True), ('settled_at__isnull', True), ('settled_by__isnull', True), ('settlement', '')), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False), models.Q(('settlement', ''), _negated=True)), _connector='OR'), name='settled_line_has_time_person_and_words'),
        ),
    ]
