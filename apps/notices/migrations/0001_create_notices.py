import apps.common.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('events', '0001_create_events'),
    ]

    operations = [
        migrations.CreateModel(
            name='NoticeCursor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('settled_event', models.PositiveBigIntegerField(default=0, verbose_name='已全部通知到的记录号')),
                ('seen_event', models.PositiveBigIntegerField(default=0, verbose_name='当时最大的记录号')),
                ('seen_at', models.DateTimeField(verbose_name='记下的时间')),
            ],
            options={
                'verbose_name': '通知进度',
                'verbose_name_plural': '通知进度',
            },
        ),
        migrations.CreateModel(
            name='OutboxMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('SMS', '短信'), ('EMAIL', '邮件')], max_length=8, verbose_name='种类')),
                ('recipient', apps.common.fields.EncryptedTextField(verbose_name='收信地址')),
                ('subject', models.CharField(blank=True, max_length=200, verbose_name='主题')),
                ('text', apps.common.fields.EncryptedTextField(verbose_name='内容')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='时间')),
            ],
            options={
                'verbose_name': '本地发件箱',
                'verbose_name_plural': '本地发件箱',
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=16, verbose_name='渠道')),
                ('text', apps.common.fields.EncryptedTextField(blank=True, help_text='发出时的原文', verbose_name='内容')),
                ('created_at', models.DateTimeField(verbose_name='建立时间')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='发出时间')),
                ('next_try_at', models.DateTimeField(blank=True, null=True, verbose_name='下次发送时间')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='已发送次数')),
                ('last_error', models.CharField(blank=True, max_length=200, verbose_name='上次失败原因')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='阅读时间')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='events.event', verbose_name='办理记录')),
            ],
            options={
                'verbose_name': '消息',
                'verbose_name_plural': '消息',
            },
        ),
    ]
