import apps.common.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Shipment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('method', models.CharField(choices=[('MAIL', '邮寄到家'), ('PICKUP', '银行网点自取')], max_length=8, verbose_name='领卡方式')),
                ('recipient', apps.common.fields.EncryptedTextField(blank=True, verbose_name='收件人')),
                ('phone', apps.common.fields.EncryptedTextField(blank=True, verbose_name='手机号')),
                ('address', apps.common.fields.EncryptedTextField(blank=True, verbose_name='详细地址')),
                ('postcode', models.CharField(blank=True, max_length=6, verbose_name='邮政编码')),
                ('branch', models.CharField(blank=True, max_length=50, verbose_name='领卡网点')),
                ('tier', models.CharField(choices=[('FREE', '自取免费'), ('SAME_CITY', '同城'), ('SAME_PROVINCE', '省内'), ('ELSEWHERE', '省外')], max_length=16, verbose_name='邮寄范围')),
                ('postage_fen', models.PositiveIntegerField(help_text='填写收件信息时的价格，以后调价不影响', verbose_name='邮寄费（分）')),
                ('saved_at', models.DateTimeField(verbose_name='保存时间')),
                ('forgotten_at', models.DateTimeField(blank=True, help_text='办结多时，收件信息已删除', null=True, verbose_name='清空时间')),
            ],
            options={
                'verbose_name': '收件信息',
                'verbose_name_plural': '收件信息',
            },
        ),
    ]
