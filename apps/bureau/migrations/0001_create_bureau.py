import apps.common.fields
import apps.common.references
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='BureauFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='编号')),
                ('name', models.CharField(max_length=100, verbose_name='文件名')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('direction', models.CharField(choices=[('OUT', '送出'), ('IN', '收到')], max_length=3, verbose_name='方向')),
                ('exchanged_at', models.DateTimeField(verbose_name='送出或收到时间')),
                ('good', models.PositiveIntegerField(default=0, verbose_name='新的行')),
                ('repeated', models.PositiveIntegerField(default=0, verbose_name='重复的行')),
                ('broken', models.PositiveIntegerField(default=0, verbose_name='有误的行')),
                ('refusal', models.CharField(blank=True, max_length=200, verbose_name='没有读取的原因')),
            ],
            options={
                'verbose_name': '制卡往来文件',
                'verbose_name_plural': '制卡往来文件',
            },
        ),
        migrations.CreateModel(
            name='BureauReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status_since', models.DateTimeField(verbose_name='状态开始时间')),
                ('reference', models.CharField(max_length=60, unique=True, verbose_name='回盘编号')),
                ('order_reference', models.CharField(max_length=40, verbose_name='制卡单号')),
                ('kind', models.CharField(choices=[('MADE', '制卡成功'), ('FAILED', '制卡失败'), ('SENT', '已发出')], max_length=8, verbose_name='结果')),
                ('reported_at', models.DateTimeField(verbose_name='制卡中心办理时间')),
                ('card_number', models.CharField(blank=True, max_length=9, verbose_name='社保卡号')),
                ('carrier', models.CharField(blank=True, max_length=20, verbose_name='承运方')),
                ('tracking_number', models.CharField(blank=True, max_length=30, verbose_name='运单号')),
                ('failure', models.CharField(blank=True, max_length=200, verbose_name='失败原因')),
                ('received_at', models.DateTimeField(verbose_name='收到时间')),
                ('status', models.CharField(choices=[('NEW', '待登记'), ('WAITING', '等前一步'), ('REFUSED', '未能登记'), ('APPLIED', '已登记')], max_length=8, verbose_name='状态')),
                ('next_try_at', models.DateTimeField(verbose_name='下次登记时间')),
                ('waits_for', models.CharField(blank=True, choices=[('MADE', '制卡成功'), ('FAILED', '制卡失败'), ('SENT', '已发出')], max_length=8, verbose_name='等哪一步')),
                ('error', models.TextField(blank=True, verbose_name='未能登记的原因')),
            ],
            options={
                'verbose_name': '制卡回盘',
                'verbose_name_plural': '制卡回盘',
            },
        ),
        migrations.CreateModel(
            name='ProductionBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status_since', models.DateTimeField(verbose_name='状态开始时间')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='批次号')),
                ('created_at', models.DateTimeField(verbose_name='建立时间')),
                ('status', models.CharField(choices=[('WAITING', '待送出'), ('SUBMITTED', '已送出')], max_length=10, verbose_name='状态')),
                ('next_try_at', models.DateTimeField(verbose_name='下次送出时间')),
                ('tries', models.PositiveIntegerField(default=0, help_text='没有送出去的也算', verbose_name='送出次数')),
                ('last_error', models.TextField(blank=True, verbose_name='上次失败原因')),
            ],
            options={
                'verbose_name': '制卡批次',
                'verbose_name_plural': '制卡批次',
            },
        ),
        migrations.CreateModel(
            name='ProductionOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status_since', models.DateTimeField(verbose_name='状态开始时间')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='制卡单号')),
                ('status', models.CharField(choices=[('OPEN', '制卡中'), ('MADE', '制卡成功'), ('SENT', '已发出'), ('FAILED', '制卡失败')], max_length=8, verbose_name='状态')),
            ],
            options={
                'verbose_name': '制卡单',
                'verbose_name_plural': '制卡单',
            },
        ),
        migrations.CreateModel(
            name='QuarantinedLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='编号')),
                ('number', models.PositiveIntegerField(verbose_name='行号')),
                ('content', apps.common.fields.EncryptedTextField(verbose_name='原文')),
                ('content_index', apps.common.fields.BlindIndexField(source='content', unique=True, verbose_name='原文索引')),
                ('fault', models.CharField(max_length=200, verbose_name='隔离的原因')),
                ('received_at', models.DateTimeField(verbose_name='收到时间')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='处理时间')),
                ('settlement', models.CharField(blank=True, max_length=200, verbose_name='处理说明')),
            ],
            options={
                'verbose_name': '制卡回盘隔离行',
                'verbose_name_plural': '制卡回盘隔离行',
            },
        ),
        migrations.CreateModel(
            name='ReportUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='编号')),
                ('name', models.CharField(max_length=100, verbose_name='文件名')),
                ('content', apps.common.fields.EncryptedTextField(help_text='文件的字节，按 Latin-1 写成文字', verbose_name='内容')),
                ('uploaded_at', models.DateTimeField(verbose_name='上传时间')),
            ],
            options={
                'verbose_name': '待确认的回盘文件',
                'verbose_name_plural': '待确认的回盘文件',
            },
        ),
        migrations.CreateModel(
            name='SimulatedJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_reference', models.CharField(max_length=16, unique=True, verbose_name='制卡单号')),
                ('city_code', models.CharField(max_length=6, verbose_name='发卡地区')),
                ('is_pickup', models.BooleanField(default=False, verbose_name='网点自取')),
                ('is_faulty', models.BooleanField(default=False, help_text='勾选后，到制卡时间时回报制卡失败', verbose_name='制卡会失败')),
                ('received_at', models.DateTimeField(verbose_name='收到时间')),
                ('made_at', models.DateTimeField(verbose_name='制成时间')),
                ('sent_at', models.DateTimeField(verbose_name='发出时间')),
                ('is_made_reported', models.BooleanField(default=False, verbose_name='制卡结果已取走')),
                ('is_sent_reported', models.BooleanField(default=False, verbose_name='发出结果已取走')),
            ],
            options={
                'verbose_name': '模拟制卡',
                'verbose_name_plural': '模拟制卡',
            },
        ),
    ]
