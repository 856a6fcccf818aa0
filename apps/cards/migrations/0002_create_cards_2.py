import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cards', '0001_create_cards'),
        ('people', '0001_create_people'),
        ('regions', '0001_create_regions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='card',
            name='bank',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.bank', verbose_name='发卡银行'),
        ),
        migrations.AddField(
            model_name='card',
            name='city',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.city', verbose_name='发卡地区'),
        ),
        migrations.AddField(
            model_name='card',
            name='holder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='people.holder', verbose_name='持卡人'),
        ),
        migrations.AddField(
            model_name='card',
            name='replaces',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='cards.card', verbose_name='替换的旧卡'),
        ),
        migrations.AddField(
            model_name='cardrequest',
            name='applicant',
            field=models.ForeignKey(help_text='填写申请的账户：本人，或代办的监护人', on_delete=django.db.models.deletion.PROTECT, related_name='requests', to=settings.AUTH_USER_MODEL, verbose_name='经办人'),
        ),
        migrations.AddField(
            model_name='cardrequest',
            name='bank',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.bank', verbose_name='发卡银行'),
        ),
        migrations.AddField(
            model_name='cardrequest',
            name='card',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='request', to='cards.card', verbose_name='制成的社保卡'),
        ),
        migrations.AddField(
            model_name='cardrequest',
            name='city',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.city', verbose_name='申领地区'),
        ),
        migrations.AddField(
            model_name='cardrequest',
            name='holder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='people.holder', verbose_name='申请人'),
        ),
        migrations.AddField(
            model_name='cardrequest',
            name='old_card',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replacement_requests', to='cards.card', verbose_name='旧卡'),
        ),
        migrations.AddField(
            model_name='cardrequest',
            name='rule',
            field=models.ForeignKey(blank=True, help_text='提交时生效的版本，以后的变更不影响', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='regions.cityrule', verbose_name='适用的资费与时限'),
        ),
        migrations.AddIndex(
            model_name='card',
            index=models.Index(condition=models.Q(('status', 'SUSPENDED')), fields=['suspended_until'], name='card_suspension_end'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ('SEALED', 'ACTIVE', 'SUSPENDED'))), fields=('holder',), name='one_card_in_hand_per_holder', violation_error_message='同一个人只能有一张未注销、未挂失的社保卡。'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'SUSPENDED'), ('suspended_until__isnull', False)), models.Q(models.Q(('status', 'SUSPENDED'), _negated=True), ('suspended_until__isnull', True)), _connector='OR'), name='suspended_card_has_its_end', violation_error_message='临时挂失的社保卡必须有到期时间，其他状态不能有。'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['SEALED', 'ACTIVE', 'SUSPENDED', 'LOST', 'RETIRED'])), name='card_status_is_known'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.CheckConstraint(condition=models.Q(('card_number__regex', '^[A-Z0-9]{9}$')), name='card_number_is_nine_characters', violation_error_message='社保卡号应为 9 位大写字母或数字。'),
        ),
        migrations.AddIndex(
            model_name='cardrequest',
            index=models.Index(fields=['status', 'status_since', 'id'], name='request_in_status_since'),
        ),
        migrations.AddIndex(
            model_name='cardrequest',
            index=models.Index(fields=['status_since', 'id'], name='request_since'),
        ),
        migrations.AddConstraint(
            model_name='cardrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ('DRAFT', 'SUBMITTED', 'PAID', 'ACCEPTED', 'NEEDS_AMENDMENT', 'APPROVED', 'PRODUCED', 'DISPATCHED'))), fields=('holder',), name='one_request_in_flight_per_holder', violation_error_message='同一个人同时只能有一件在办的申请。'),
        ),
        migrations.AddConstraint(
            model_name='cardrequest',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['DRAFT', 'SUBMITTED', 'WITHDRAWN', 'LAPSED', 'PAID', 'ACCEPTED', 'NEEDS_AMENDMENT', 'APPROVED', 'REJECTED', 'PRODUCED', 'DISPATCHED', 'COLLECTED'])), name='request_status_is_known'),
        ),
        migrations.AddConstraint(
            model_name='cardrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'FIRST'), ('old_card__isnull', True), ('replacement_reason', '')), models.Q(('kind', 'REPLACEMENT'), ('old_card__isnull', False), models.Q(('replacement_reason', ''), _negated=True)), _connector='OR'), name='replacement_names_old_card_and_reason', violation_error_message='补换申请必须有旧卡和补换原因，申领不能有。'),
        ),
        migrations.AddConstraint(
            model_name='cardrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('card__isnull', False), ('status__in', ('PRODUCED', 'DISPATCHED', 'COLLECTED'))), models.Q(models.Q(('status__in', ('PRODUCED', 'DISPATCHED', 'COLLECTED')), _negated=True), ('card__isnull', True)), _connector='OR'), name='made_request_has_its_card', violation_error_message='制卡成功的申请必须有社保卡，其他状态不能有。'),
        ),
        migrations.AddConstraint(
            model_name='cardrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('rule__isnull', True), ('status', 'DRAFT')), models.Q(models.Q(('status', 'DRAFT'), _negated=True), ('rule__isnull', False)), _connector='OR'), name='submitted_request_keeps_its_rule', violation_error_message='提交了的申请必须有适用的资费与时限，草稿不能有。'),
        ),
    ]
