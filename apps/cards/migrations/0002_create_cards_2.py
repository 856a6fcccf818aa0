import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
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
            model_name='amendment',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='修改人'),
        ),
        migrations.AddField(
            model_name='amendment',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人'),
        ),
        migrations.AddField(
            model_name='bureaufile',
            name='exchanged_by',
            field=models.ForeignKey(blank=True, help_text='空：由后台任务收发', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='上传人'),
        ),
        migrations.AddField(
            model_name='bureaureport',
            name='file',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='cards.bureaufile', verbose_name='文件'),
        ),
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
        migrations.AddField(
            model_name='amendment',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='cards.cardrequest', verbose_name='申请'),
        ),
        migrations.AddField(
            model_name='particulars',
            name='guardian',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.holder', verbose_name='代办的监护人'),
        ),
        migrations.AddField(
            model_name='particulars',
            name='request',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='particulars', to='cards.cardrequest', verbose_name='申请'),
        ),
        migrations.AddIndex(
            model_name='productionbatch',
            index=models.Index(condition=models.Q(('submitted_at__isnull', True)), fields=['next_try_at'], name='batch_to_submit'),
        ),
        migrations.AddField(
            model_name='bureaufile',
            name='batch',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='files', to='cards.productionbatch', verbose_name='批次'),
        ),
        migrations.AddField(
            model_name='productionorder',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='cards.productionbatch', verbose_name='批次'),
        ),
        migrations.AddField(
            model_name='productionorder',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='production_orders', to='cards.cardrequest', verbose_name='申请'),
        ),
        migrations.AddField(
            model_name='quarantinedline',
            name='file',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quarantined', to='cards.bureaufile', verbose_name='文件'),
        ),
        migrations.AddField(
            model_name='quarantinedline',
            name='report',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_line', to='cards.bureaureport', verbose_name='改正后的回盘'),
        ),
        migrations.AddField(
            model_name='quarantinedline',
            name='settled_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='处理人'),
        ),
        migrations.AddField(
            model_name='reportupload',
            name='uploaded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='上传人'),
        ),
        migrations.AddField(
            model_name='stageduration',
            name='bank',
            field=models.ForeignKey(blank=True, help_text='留空：该地区全部银行合计', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='regions.bank', verbose_name='发卡银行'),
        ),
        migrations.AddField(
            model_name='stageduration',
            name='city',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='regions.city', verbose_name='申领地区'),
        ),
        migrations.AddIndex(
            model_name='bureaureport',
            index=models.Index(condition=models.Q(('applied_at__isnull', True)), fields=['next_try_at'], name='report_to_apply'),
        ),
        migrations.AddIndex(
            model_name='bureaureport',
            index=models.Index(fields=['order_reference'], name='report_of_order'),
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
        migrations.AddConstraint(
            model_name='amendment',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('request',), name='one_open_amendment_per_request', violation_error_message='这件申请已有未完成的修改要求。'),
        ),
        migrations.AddConstraint(
            model_name='amendment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='amendment_answer_has_time_and_person'),
        ),
        migrations.AddIndex(
            model_name='particulars',
            index=models.Index(fields=['name'], name='particulars_by_name', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddConstraint(
            model_name='particulars',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('birth_date__isnull', False), ('forgotten_at__isnull', True)), models.Q(('forgotten_at__isnull', False), ('birth_date__isnull', True), ('ethnicity', ''), ('household_type', ''), ('name', ''), ('occupation', ''), ('id_valid_from__isnull', True), ('id_valid_until__isnull', True), ('portrait', ''), ('portrait_source', ''), django.db.models.lookups.Exact(django.db.models.functions.text.Length('id_number'), 0), django.db.models.lookups.Exact(django.db.models.functions.text.Length('phone'), 0), django.db.models.lookups.Exact(django.db.models.functions.text.Length('address'), 0), django.db.models.lookups.Exact(django.db.models.functions.text.Length('typed'), 0)), _connector='OR'), name='forgotten_particulars_hold_nothing'),
        ),
        migrations.AddConstraint(
            model_name='particulars',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('guardian__isnull', True), ('guardian_relation', '')), models.Q(('guardian__isnull', False), models.Q(('guardian_relation', ''), _negated=True)), _connector='OR'), name='guardian_comes_with_relation', violation_error_message='代办时监护人和监护关系要同时填写。'),
        ),
        migrations.AddConstraint(
            model_name='particulars',
            constraint=models.CheckConstraint(condition=models.Q(('id_valid_from__isnull', True), ('id_valid_until__isnull', True), ('id_valid_until__gt', models.F('id_valid_from')), _connector='OR'), name='id_document_ends_after_it_begins', violation_error_message='证件有效期的终止日期应晚于起始日期。'),
        ),
        migrations.AddConstraint(
            model_name='bureaufile',
            constraint=models.UniqueConstraint(fields=('sha256', 'refusal'), name='one_row_per_bureau_file', violation_error_message='这个文件已经登记过。'),
        ),
        migrations.AddConstraint(
            model_name='bureaufile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('batch__isnull', False), ('direction', 'OUT')), models.Q(('batch__isnull', True), ('direction', 'IN')), _connector='OR'), name='bureau_file_that_left_names_its_batch'),
        ),
        migrations.AddConstraint(
            model_name='productionorder',
            constraint=models.UniqueConstraint(condition=models.Q(('failed_at__isnull', True)), fields=('request',), name='one_live_production_order_per_request', violation_error_message='这件申请已经送去制卡。'),
        ),
        migrations.AddIndex(
            model_name='quarantinedline',
            index=models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['received_at'], name='line_to_settle'),
        ),
        migrations.AddConstraint(
            model_name='quarantinedline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('report__isnull', True), ('settled_at__isnull', True), ('settled_by__isnull', True), ('settlement', '')), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False), models.Q(('settlement', ''), _negated=True)), _connector='OR'), name='settled_line_has_time_person_and_words'),
        ),
        migrations.AddConstraint(
            model_name='stageduration',
            constraint=models.UniqueConstraint(fields=('city', 'bank', 'stage'), name='one_duration_per_city_bank_and_stage'),
        ),
        migrations.AddConstraint(
            model_name='stageduration',
            constraint=models.UniqueConstraint(condition=models.Q(('bank__isnull', True)), fields=('city', 'stage'), name='one_duration_per_city_and_stage'),
        ),
        migrations.AddConstraint(
            model_name='stageduration',
            constraint=models.CheckConstraint(condition=models.Q(('p90_days__gte', models.F('median_days')), ('sample__gte', 1)), name='duration_is_a_distribution'),
        ),
    ]
