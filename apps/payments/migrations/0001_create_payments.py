
import apps.common.references
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status_since', models.DateTimeField(verbose_name='状态开始时间')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='订单号')),
                ('gateway', models.CharField(choices=[('sandbox', '模拟收银台'), ('alipay', '支付宝')], max_length=10, verbose_name='支付平台')),
                ('subject', models.CharField(max_length=60, verbose_name='订单名称')),
                ('amount_fen', models.PositiveIntegerField(verbose_name='金额（分）')),
                ('status', models.CharField(choices=[('CREATED', '待支付'), ('PENDING', '支付中'), ('PAID', '支付成功'), ('FAILED', '支付失败'), ('CLOSED', '已关闭'), ('REFUNDING', '退款中'), ('REFUNDED', '已退款')], max_length=10, verbose_name='状态')),
                ('created_at', models.DateTimeField(verbose_name='下单时间')),
                ('expires_at', models.DateTimeField(help_text='过后支付平台不再收款', verbose_name='支付截止时间')),
                ('trade_number', models.CharField(blank=True, max_length=64, verbose_name='支付平台交易号')),
                ('paid_at', models.DateTimeField(blank=True, null=True, verbose_name='支付时间')),
                ('refunded_at', models.DateTimeField(blank=True, null=True, verbose_name='退款时间')),
                ('refund_reason', models.CharField(blank=True, max_length=200, verbose_name='退款原因')),
                ('next_check_at', models.DateTimeField(verbose_name='下次询问支付平台的时间')),
                ('last_checked_at', models.DateTimeField(blank=True, null=True, verbose_name='上次询问支付平台的时间')),
                ('check_count', models.PositiveIntegerField(default=0, verbose_name='询问次数')),
                ('last_error', models.CharField(blank=True, max_length=200, verbose_name='上次询问的错误')),
            ],
            options={
                'verbose_name': '支付订单',
                'verbose_name_plural': '支付订单',
            },
        ),
        migrations.CreateModel(
            name='PaymentNotification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('gateway', models.CharField(choices=[('sandbox', '模拟收银台'), ('alipay', '支付宝')], max_length=10, verbose_name='支付平台')),
                ('digest', models.CharField(help_text='SHA-256，十六进制', max_length=64, verbose_name='内容摘要')),
                ('order_number', models.CharField(blank=True, max_length=64, verbose_name='所称订单号')),
                ('trade_status', models.CharField(blank=True, max_length=32, verbose_name='所称交易状态')),
                ('amount', models.CharField(blank=True, max_length=16, verbose_name='所称金额（元）')),
                ('is_verified', models.BooleanField(verbose_name='验签通过')),
                ('outcome', models.CharField(choices=[('APPLIED', '已处理'), ('REPEATED', '重复或过时，未改变'), ('FORGED', '验签不通过'), ('UNKNOWN_ORDER', '订单不存在'), ('MISMATCH', '内容与订单不符')], max_length=16, verbose_name='处理结果')),
                ('received_at', models.DateTimeField(verbose_name='收到时间')),
            ],
            options={
                'verbose_name': '支付通知',
                'verbose_name_plural': '支付通知',
            },
        ),
    ]
