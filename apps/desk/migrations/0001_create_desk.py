import django.core.serializers.json
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('claimed_at', models.DateTimeField(verbose_name='领办时间')),
                ('lapses_at', models.DateTimeField(verbose_name='失效时间')),
            ],
            options={
                'verbose_name': '领办',
                'verbose_name_plural': '领办',
            },
        ),
        migrations.CreateModel(
            name='DeskEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(choices=[('TAKE_OVER', '接手'), ('FIRST_APPROVAL', '初审通过'), ('BULK_RUN', '批量审核'), ('BULK_STOPPED', '停止批量审核'), ('EXPORT', '导出'), ('EXPORT_FETCHED', '下载导出文件'), ('PHRASE_CHANGED', '修改常用语'), ('ROSTER_UPLOADED', '上传名册'), ('ROSTER_APPLIED', '名册生效'), ('ROSTER_DISCARDED', '放弃名册'), ('RULE_CHANGED', '修改地区与规则'), ('BATCH_RETRIED', '重新送出批次'), ('REPORT_UPLOADED', '上传制卡回盘'), ('REPORT_RETRIED', '再次登记制卡回盘'), ('LINE_SHOWN', '查看隔离行'), ('LINE_DISMISSED', '处理隔离行'), ('ACCOUNT_CHANGED', '修改账户')], max_length=20, verbose_name='动作')),
                ('at', models.DateTimeField(verbose_name='办理时间')),
                ('subject', models.CharField(blank=True, max_length=60, verbose_name='对象编号')),
                ('facts', models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='内容')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='原因')),
            ],
            options={
                'verbose_name': '审核台记录',
                'verbose_name_plural': '审核台记录',
                'permissions': (('read_cases', '可以查看全部申请'), ('second_review', '可以复核'), ('manage_phrases', '可以修改常用语'), ('manage_rules', '可以修改地区与规则'), ('manage_roster', '可以维护人事名册'), ('operate_bureau', '可以处理制卡批次'), ('export_full', '可以导出完整号码')),
            },
        ),
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='查看时间')),
                ('what', models.CharField(max_length=100, verbose_name='查看内容')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='查看原因')),
            ],
            options={
                'verbose_name': '完整信息查看记录',
                'verbose_name_plural': '完整信息查看记录',
            },
        ),
    ]
