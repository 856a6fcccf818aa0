import apps.common.references
import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cards', '0002_create_cards_2'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BulkRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status_since', models.DateTimeField(verbose_name='状态开始时间')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='批量编号')),
                ('action', models.CharField(choices=[('APPROVE', '审核通过'), ('REQUEST_AMENDMENT', '退回修改'), ('REJECT', '审核不通过')], max_length=20, verbose_name='办理')),
                ('decision', models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='内容')),
                ('chosen', models.CharField(blank=True, max_length=300, verbose_name='筛选条件')),
                ('status', models.CharField(choices=[('PREPARED', '待开始'), ('RUNNING', '办理中'), ('STOPPED', '已停止'), ('DONE', '已办完'), ('RECALLING', '撤回中'), ('RECALLED', '已撤回')], max_length=10, verbose_name='状态')),
                ('prepared_at', models.DateTimeField(verbose_name='预检时间')),
                ('leased_until', models.DateTimeField(blank=True, help_text='同一批同时只由一个后台任务办理', null=True, verbose_name='占用到')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='办理人')),
            ],
            options={
                'verbose_name': '批量审核',
                'verbose_name_plural': '批量审核',
            },
        ),
        migrations.CreateModel(
            name='BulkRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_since', models.DateTimeField(verbose_name='预检时的状态开始时间')),
                ('outcome', models.CharField(choices=[('WAITING', '待办理'), ('LEFT_OUT', '不纳入'), ('DONE', '已办理'), ('FAILED', '没有办成'), ('NOT_RUN', '停止，未办理'), ('RECALLED', '已撤回'), ('KEPT', '没能撤回')], default='WAITING', max_length=10, verbose_name='结果')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='原因')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='办理时间')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bulk_rows', to='cards.cardrequest', verbose_name='申请')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='bulk.bulkrun', verbose_name='批量审核')),
            ],
            options={
                'verbose_name': '批量审核的申请',
                'verbose_name_plural': '批量审核的申请',
            },
        ),
        migrations.AddIndex(
            model_name='bulkrun',
            index=models.Index(condition=models.Q(('status__in', ('RUNNING', 'RECALLING'))), fields=['id'], name='bulk_run_under_way'),
        ),
        migrations.AddConstraint(
            model_name='bulkrun',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['PREPARED', 'RUNNING', 'STOPPED', 'DONE', 'RECALLING', 'RECALLED'])), name='bulk_run_status_is_known'),
        ),
        migrations.AddConstraint(
            model_name='bulkrun',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('RECALLING', 'RECALLED')), _negated=True), ('action', 'APPROVE'), _connector='OR'), name='bulk_run_recalls_approvals_only'),
        ),
        migrations.AddIndex(
            model_name='bulkrow',
            index=models.Index(fields=['run', 'outcome', 'id'], name='bulk_row_by_outcome'),
        ),
        migrations.AddConstraint(
            model_name='bulkrow',
            constraint=models.UniqueConstraint(fields=('run', 'request'), name='bulk_row_once_per_run'),
        ),
        migrations.AddConstraint(
            model_name='bulkrow',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ('LEFT_OUT', 'FAILED', 'KEPT')), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('outcome__in', ('LEFT_OUT', 'FAILED', 'KEPT')), _negated=True), ('reason', '')), _connector='OR'), name='bulk_row_that_failed_says_why'),
        ),
        migrations.AddConstraint(
            model_name='bulkrow',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', False), ('outcome__in', ('DONE', 'RECALLED', 'KEPT'))), models.Q(models.Q(('outcome__in', ('DONE', 'RECALLED', 'KEPT')), _negated=True), ('decided_at__isnull', True)), _connector='OR'), name='bulk_row_decided_at_some_moment'),
        ),
    ]
