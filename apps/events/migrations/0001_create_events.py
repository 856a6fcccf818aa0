import django.core.serializers.json
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_kind', models.CharField(max_length=20, verbose_name='对象种类')),
                ('subject_id', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='对象')),
                ('reference', models.CharField(blank=True, max_length=60, verbose_name='对象编号')),
                ('holder_id', models.PositiveBigIntegerField(blank=True, help_text='事情关系到谁；与人无关的为空', null=True, verbose_name='持卡人')),
                ('action', models.CharField(max_length=24, verbose_name='动作')),
                ('from_status', models.CharField(blank=True, max_length=16, verbose_name='原状态')),
                ('to_status', models.CharField(blank=True, max_length=16, verbose_name='新状态')),
                ('at', models.DateTimeField(verbose_name='办理时间')),
                ('due_at', models.DateTimeField(blank=True, help_text='与办理时间不同时才有，例如到期时间', null=True, verbose_name='应办时间')),
                ('role', models.CharField(choices=[('HOLDER', '持卡人'), ('GUARDIAN', '监护人'), ('REVIEWER', '审核人'), ('STAFF', '工作人员'), ('WORKER', '系统'), ('GATEWAY', '支付平台'), ('VISITOR', '未登录的访客')], max_length=10, verbose_name='身份')),
                ('channel', models.CharField(choices=[('WEB', '网上办理'), ('ADMIN', '审核后台'), ('WORKER', '后台任务'), ('GATEWAY', '支付通知'), ('COMMAND', '命令行')], max_length=10, verbose_name='渠道')),
                ('reason', models.TextField(blank=True, verbose_name='原因')),
                ('facts', models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='内容')),
            ],
            options={
                'verbose_name': '办理记录',
                'verbose_name_plural': '办理记录',
            },
        ),
    ]
