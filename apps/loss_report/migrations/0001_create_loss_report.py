import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cards', '0001_create_cards'),
    ]

    operations = [
        migrations.CreateModel(
            name='LossReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status_since', models.DateTimeField(verbose_name='状态开始时间')),
                ('reported_at', models.DateTimeField(verbose_name='挂失时间')),
                ('days', models.PositiveSmallIntegerField(help_text='自然日，挂失时该城市的设定', verbose_name='天数')),
                ('ends_at', models.DateTimeField(help_text='挂失当天不计，最后一天的 24:00', verbose_name='到期时间')),
                ('status', models.CharField(choices=[('OPEN', '临时挂失中'), ('LIFTED', '已解除'), ('EXPIRED', '到期自动恢复'), ('CONVERTED', '已转为正式挂失'), ('RETIRED', '卡已注销')], max_length=9, verbose_name='状态')),
                ('reminded_at', models.DateTimeField(blank=True, null=True, verbose_name='到期提醒时间')),
                ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='loss_reports', to='cards.card', verbose_name='社保卡')),
            ],
            options={
                'verbose_name': '临时挂失',
                'verbose_name_plural': '临时挂失',
            },
        ),
    ]
