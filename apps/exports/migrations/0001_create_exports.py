import apps.common.references
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status_since', models.DateTimeField(verbose_name='状态开始时间')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='编号')),
                ('format', models.CharField(choices=[('XLSX', 'Excel 表格（xlsx）'), ('CSV', 'CSV')], max_length=4, verbose_name='格式')),
                ('filter', models.CharField(blank=True, help_text='RequestFilter 的查询串', max_length=1000, verbose_name='筛选条件')),
                ('scope', models.CharField(help_text='筛选条件的文字说明', max_length=500, verbose_name='导出范围')),
                ('is_full', models.BooleanField(default=False, verbose_name='完整号码')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='原因')),
                ('expected_rows', models.PositiveIntegerField(help_text='提交时符合条件的件数', verbose_name='应有行数')),
                ('row_count', models.PositiveIntegerField(default=0, verbose_name='已写行数')),
                ('status', models.CharField(choices=[('WAITING', '等待开始'), ('RUNNING', '正在导出'), ('READY', '可以下载'), ('EXPIRED', '文件已过期'), ('FAILED', '没有完成')], max_length=10, verbose_name='状态')),
                ('created_at', models.DateTimeField(verbose_name='提交时间')),
                ('leased_until', models.DateTimeField(blank=True, help_text='过后仍没有完成，由另一个后台任务重做', null=True, verbose_name='占用到')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='次数')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='文件到期时间')),
                ('file', models.FileField(blank=True, help_text='加密保存', upload_to='', verbose_name='文件')),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='没有完成的原因')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exports', to=settings.AUTH_USER_MODEL, verbose_name='导出人')),
            ],
            options={
                'verbose_name': '导出',
                'verbose_name_plural': '导出',
                'indexes': [models.Index(condition=models.Q(('status__in', ('WAITING', 'RUNNING'))), fields=['by'], name='export_in_flight'), models.Index(condition=models.Q(('status', 'READY')), fields=['expires_at'], name='export_to_expire')],
                'constraints': [models.CheckConstraint(condition=models.Q(('is_full', False), models.Q(('reason', ''), _negated=True), _connector='OR'), name='full_export_has_a_reason', violation_error_message='导出完整号码必须写明原因。'), models.CheckConstraint(condition=models.Q(('status__in', ['WAITING', 'RUNNING', 'READY', 'EXPIRED', 'FAILED'])), name='export_status_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('error', ''), ('expires_at__isnull', True), ('file', ''), ('status__in', ('WAITING', 'RUNNING'))), models.Q(('status', 'READY'), ('error', ''), ('expires_at__isnull', False), models.Q(('file', ''), _negated=True)), models.Q(('error', ''), ('expires_at__isnull', False), ('file', ''), ('status', 'EXPIRED')), models.Q(('expires_at__isnull', True), ('file', ''), ('status', 'FAILED'), models.Q(('error', ''), _negated=True)), _connector='OR'), name='export_has_what_its_status_says')],
            },
        ),
    ]
