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
                ('status_since', models.DateTimeField(verbose_name='状态开始时间')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='编号')),
                ('declared_at', models.DateTimeField(verbose_name='登记时间')),
                ('lost_date', models.DateField(verbose_name='丢失日期')),
                ('place', models.CharField(blank=True, max_length=100, verbose_name='丢失地点或情况')),
                ('receipt_number', models.CharField(blank=True, help_text='已在网点办过书面挂失的，回执上的编号', max_length=40, verbose_name='挂失回执号')),
                ('is_sworn', models.BooleanField(verbose_name='已声明情况属实')),
                ('status', models.CharField(choices=[('WAITING', '待确认'), ('CONFIRMED', '已确认'), ('REFUSED', '未通过'), ('WITHDRAWN', '已撤销')], max_length=9, verbose_name='状态')),
                ('decision_reason', models.TextField(blank=True, verbose_name='不予确认或撤销的原因')),
                ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='formal_losses', to='cards.card', verbose_name='社保卡')),
                ('declared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
            ],
            options={
                'verbose_name': '正式挂失',
                'verbose_name_plural': '正式挂失',
                'indexes': [models.Index(condition=models.Q(('status', 'WAITING')), fields=['declared_at'], name='formal_loss_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['WAITING', 'CONFIRMED', 'REFUSED', 'WITHDRAWN'])), name='formal_loss_status_is_known'), models.UniqueConstraint(condition=models.Q(('status__in', ('WAITING', 'CONFIRMED'))), fields=('card',), name='one_open_formal_loss_per_card', violation_error_message='这张社保卡已有登记的正式挂失。'), models.CheckConstraint(condition=models.Q(('place', ''), ('receipt_number', ''), _negated=True), name='formal_loss_has_place_or_receipt', violation_error_message='丢失地点和挂失回执号至少填写一项。'), models.CheckConstraint(condition=models.Q(('is_sworn', True)), name='formal_loss_is_sworn', violation_error_message='请声明所填情况属实。'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('REFUSED', 'WITHDRAWN')), models.Q(('decision_reason', ''), _negated=True)), models.Q(models.Q(('status__in', ('REFUSED', 'WITHDRAWN')), _negated=True), ('decision_reason', '')), _connector='OR'), name='formal_loss_that_ended_has_its_reason', violation_error_message='不予确认或撤销必须写明原因，其他状态不能有。')],
            },
        ),
    ]
