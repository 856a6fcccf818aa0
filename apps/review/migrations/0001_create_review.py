import apps.common.references
import apps.review.models.phrase
import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cards', '0001_create_cards'),
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
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='review.bulkrun', verbose_name='批量审核')),
            ],
            options={
                'verbose_name': '批量审核的申请',
                'verbose_name_plural': '批量审核的申请',
            },
        ),
        migrations.CreateModel(
            name='FirstApproval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status_since', models.DateTimeField(verbose_name='初审时的状态开始时间')),
                ('at', models.DateTimeField(verbose_name='初审时间')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='初审人')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='first_approvals', to='cards.cardrequest', verbose_name='申请')),
            ],
            options={
                'verbose_name': '初审',
                'verbose_name_plural': '初审',
            },
        ),
        migrations.CreateModel(
            name='Phrase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='编号')),
                ('topic', models.CharField(choices=apps.review.models.phrase.topics, max_length=20, verbose_name='用于')),
                ('text', models.CharField(max_length=200, verbose_name='内容')),
                ('position', models.PositiveIntegerField(verbose_name='次序')),
                ('is_active', models.BooleanField(default=True, verbose_name='启用')),
            ],
            options={
                'verbose_name': '常用语',
                'verbose_name_plural': '常用语',
                'constraints': [models.UniqueConstraint(fields=('topic', 'text'), name='phrase_stands_once_in_its_topic', violation_error_message='这里已经有同样的一句（可能已停用）。')],
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
        migrations.AddConstraint(
            model_name='firstapproval',
            constraint=models.UniqueConstraint(fields=('request', 'status_since'), name='one_first_approval_per_review', violation_error_message='这件申请已有初审，等待另一人复核。'),
        ),
    ]
