import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cards', '0002_create_cards_2'),
        ('delivery', '0001_create_delivery'),
        ('regions', '0001_create_regions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='shipment',
            name='city',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.city', verbose_name='城市'),
        ),
        migrations.AddField(
            model_name='shipment',
            name='county',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.county', verbose_name='区县'),
        ),
        migrations.AddField(
            model_name='shipment',
            name='province',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.province', verbose_name='省份'),
        ),
        migrations.AddField(
            model_name='shipment',
            name='request',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='shipment', to='cards.cardrequest', verbose_name='申请'),
        ),
        migrations.AddField(
            model_name='shipment',
            name='saved_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='填写人'),
        ),
        migrations.AddConstraint(
            model_name='shipment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('forgotten_at__isnull', True), models.Q(models.Q(('branch', ''), ('city__isnull', False), ('method', 'MAIL'), ('province__isnull', False), models.Q(('tier', 'FREE'), _negated=True), django.db.models.lookups.GreaterThan(django.db.models.functions.text.Length('recipient'), 0), django.db.models.lookups.GreaterThan(django.db.models.functions.text.Length('phone'), 0), django.db.models.lookups.GreaterThan(django.db.models.functions.text.Length('address'), 0)), models.Q(('city__isnull', True), ('county__isnull', True), ('method', 'PICKUP'), ('province__isnull', True), ('postage_fen', 0), ('postcode', ''), ('tier', 'FREE'), models.Q(('branch', ''), _negated=True), django.db.models.lookups.Exact(django.db.models.functions.text.Length('recipient'), 0), django.db.models.lookups.Exact(django.db.models.functions.text.Length('phone'), 0), django.db.models.lookups.Exact(django.db.models.functions.text.Length('address'), 0)), _connector='OR')), models.Q(('forgotten_at__isnull', False), ('branch', ''), ('county__isnull', True), ('postcode', ''), django.db.models.lookups.Exact(django.db.models.functions.text.Length('recipient'), 0), django.db.models.lookups.Exact(django.db.models.functions.text.Length('phone'), 0), django.db.models.lookups.Exact(django.db.models.functions.text.Length('address'), 0)), _connector='OR'), name='shipment_is_filled_as_its_method_says', violation_error_message='邮寄要填写收件人、手机号、地区和详细地址；自取只填写领卡网点。'),
        ),
        migrations.AddConstraint(
            model_name='shipment',
            constraint=models.CheckConstraint(condition=models.Q(('postcode', ''), ('postcode__regex', '^[0-9]{6}$'), _connector='OR'), name='shipment_postcode_is_six_digits', violation_error_message='邮政编码应为 6 位数字。'),
        ),
    ]
