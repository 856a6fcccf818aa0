import apps.common.references
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cards', '0001_create_cards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FormalLoss',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='编号')),
                ('declared_at', models.DateTimeField(verbose_name='登记时间')),
                ('lost_date', models.DateField(verbose_name='丢失日期')),
                ('place', models.CharField(blank=True, max_length=100, verbose_name='丢失地点或情况')),
                ('receipt_number', models.CharField(blank=True, help_text='已在网点办过书面挂失的，回执上的编号', max_length=40, verbose_name='挂失回执号')),
                ('is_sworn', models.BooleanField(verbose_name='已声明情况属实')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='确认时间')),
                ('refused_at', models.DateTimeField(blank=True, null=True, verbose_name='不予确认时间')),
                ('refusal_reason', models.TextField(blank=True, verbose_name='不予确认的原因')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='撤销时间')),
                ('withdrawal_reason', models.TextField(blank=True, verbose_name='撤销的原因')),
                ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='formal_losses', to='cards.card', verbose_name='社保卡')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='确认人')),
                ('declared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('refused_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='不予确认人')),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='撤销人')),
            ],
            options={
                'verbose_name': '正式挂失',
                'verbose_name_plural': '正式挂失',
                'indexes': [models.Index(condition=models.Q(('refused_at__isnull', True), ('withdrawn_at__isnull', True), ('confirmed_at__isnull', True)), fields=['declared_at'], name='formal_loss_waiting')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('refused_at__isnull', True), ('withdrawn_at__isnull', True)), fields=('card',), name='one_open_formal_loss_per_card', violation_error_message='这张社保卡已有登记的正式挂失。'), models.CheckConstraint(condition=models.Q(('place', ''), ('receipt_number', ''), _negated=True), name='formal_loss_has_place_or_receipt', violation_error_message='丢失地点和挂失回执号至少填写一项。'), models.CheckConstraint(condition=models.Q(('is_sworn', True)), name='formal_loss_is_sworn', violation_error_message='请声明所填情况属实。'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='formal_loss_confirmed_has_time_and_person'), models.CheckConstraint(condition=models.Q(models.Q(('refusal_reason', ''), ('refused_at__isnull', True), ('refused_by__isnull', True)), models.Q(('refused_at__isnull', False), ('refused_by__isnull', False), models.Q(('refusal_reason', ''), _negated=True)), _connector='OR'), name='formal_loss_refused_has_time_person_and_reason', violation_error_message='不予确认必须写明原因。'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawal_reason', ''), ('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawal_reason', ''), _negated=True)), _connector='OR'), name='formal_loss_withdrawn_has_time_person_and_reason', violation_error_message='撤销必须写明原因。'), models.CheckConstraint(condition=models.Q(('refused_at__isnull', True), models.Q(('confirmed_at__isnull', True), ('withdrawn_at__isnull', True)), _connector='OR'), name='refused_formal_loss_is_at_its_end')],
            },
        ),
    ]
