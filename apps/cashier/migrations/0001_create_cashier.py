
import apps.common.references
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='SandboxTrade',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='收银台编号')),
                ('trade_number', models.CharField(max_length=28, unique=True, verbose_name='交易号')),
                ('app_id', models.CharField(max_length=32, verbose_name='应用编号')),
                ('order_number', models.CharField(max_length=64, verbose_name='商户订单号')),
                ('amount_fen', models.PositiveIntegerField(verbose_name='金额（分）')),
                ('subject', models.CharField(max_length=256, verbose_name='订单名称')),
                ('notify_url', models.URLField(max_length=256, verbose_name='通知地址')),
                ('return_url', models.URLField(max_length=256, verbose_name='返回地址')),
                ('trade_status', models.CharField(choices=[('WAIT_BUYER_PAY', '等待付款'), ('TRADE_FAILED', '付款失败'), ('TRADE_SUCCESS', '已付款'), ('TRADE_CLOSED', '已关闭')], max_length=20, verbose_name='交易状态')),
                ('created_at', models.DateTimeField(verbose_name='下单时间')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='收款截止时间')),
                ('paid_at', models.DateTimeField(blank=True, null=True, verbose_name='付款时间')),
                ('refund_number', models.CharField(blank=True, max_length=64, verbose_name='退款请求号')),
                ('refunded_at', models.DateTimeField(blank=True, null=True, verbose_name='退款时间')),
            ],
            options={
                'verbose_name': '模拟收银台交易',
                'verbose_name_plural': '模拟收银台交易',
                'constraints': [models.UniqueConstraint(fields=('app_id', 'order_number'), name='one_sandbox_trade_per_order'), models.CheckConstraint(condition=models.Q(models.Q(('refund_number', ''), ('refunded_at__isnull', True)), models.Q(models.Q(('refund_number', ''), _negated=True), ('paid_at__isnull', False), ('refunded_at__isnull', False)), _connector='OR'), name='sandbox_refund_has_number_and_time')],
            },
        ),
        migrations.CreateModel(
            name='SandboxNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fields', models.JSONField(verbose_name='内容')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='已发次数')),
                ('next_try_at', models.DateTimeField(blank=True, null=True, verbose_name='下次发送时间')),
                ('delivered_at', models.DateTimeField(blank=True, null=True, verbose_name='送达时间')),
                ('last_error', models.CharField(blank=True, max_length=100, verbose_name='上次错误')),
                ('trade', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='cashier.sandboxtrade', verbose_name='交易')),
            ],
            options={
                'verbose_name': '模拟收银台通知',
                'verbose_name_plural': '模拟收银台通知',
                'indexes': [models.Index(condition=models.Q(('delivered_at__isnull', True)), fields=['next_try_at'], name='sandbox_notice_due')],
            },
        ),
    ]
