
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("cards", "0002_create_cards_2"),
        ("payments", "0001_create_payments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='payment',
            name='created_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='下单人'),
        ),
        migrations.AddField(
            model_name='payment',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='cards.cardrequest', verbose_name='申请'),
        ),
        migrations.AddField(
            model_name='paymentnotification',
            name='payment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notifications', to='payments.payment', verbose_name='支付订单'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(condition=models.Q(('status__in', ('CREATED', 'PENDING', 'FAILED', 'REFUNDING'))), fields=['next_check_at'], name='payment_next_check'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ('CREATED', 'PENDING', 'FAILED'))), fields=('request',), name='one_running_payment_per_request', violation_error_message='这件申请已有一个待支付的订单。'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'PAID')), fields=('request',), name='one_paid_payment_per_request', violation_error_message='这件申请已经支付成功。'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(condition=models.Q(('trade_number', ''), _negated=True), fields=('gateway', 'trade_number'), name='one_payment_per_trade_of_a_gateway', violation_error_message='这个支付平台交易号已属于另一个订单。'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['CREATED', 'PENDING', 'PAID', 'FAILED', 'CLOSED', 'REFUNDING', 'REFUNDED'])), name='payment_status_is_known'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paid_at__isnull', False), ('status__in', ('PAID', 'REFUNDING', 'REFUNDED')), models.Q(('trade_number', ''), _negated=True)), models.Q(models.Q(('status__in', ('PAID', 'REFUNDING', 'REFUNDED')), _negated=True), ('paid_at__isnull', True), ('trade_number', '')), _connector='OR'), name='received_payment_has_time_and_trade', violation_error_message='已支付的订单必须有支付时间和交易号，未支付的不能有。'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('refunded_at__isnull', False), ('status', 'REFUNDED')), models.Q(models.Q(('status', 'REFUNDED'), _negated=True), ('refunded_at__isnull', True)), _connector='OR'), name='refunded_payment_has_its_time', violation_error_message='已退款的订单必须有退款时间，其他状态不能有。'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='payment_has_an_amount', violation_error_message='支付金额必须大于 0。'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='payment_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='paymentnotification',
            constraint=models.CheckConstraint(condition=models.Q(('is_verified', True), models.Q(('outcome', 'FORGED'), ('payment__isnull', True)), _connector='OR'), name='unverified_notification_names_no_payment'),
        ),
    ]
