import apps.common.fields
import apps.requests.models.particulars
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
        migrations.CreateModel(
            name='DiscardedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='文件')),
                ('discarded_at', models.DateTimeField(verbose_name='弃用时间')),
                ('next_try_at', models.DateTimeField(verbose_name='下次删除时间')),
            ],
            options={
                'verbose_name': '待删除的文件',
                'verbose_name_plural': '待删除的文件',
            },
        ),
        migrations.CreateModel(
            name='Amendment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('items', models.JSONField(help_text='[{"field": "phone", "reason": "…"}, …]', verbose_name='需修改的内容')),
                ('before', apps.common.fields.EncryptedTextField(blank=True, default='', help_text='被要求修改的各列当时的值（JSON），与申请信息同时清空', verbose_name='修改前的内容')),
                ('portrait_before', models.FileField(blank=True, upload_to=apps.requests.models.particulars.portrait_path, verbose_name='修改前的照片')),
                ('due_date', models.DateField(verbose_name='请在此日前修改')),
                ('asked_at', models.DateTimeField(verbose_name='提出时间')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='修改完成时间')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='修改人')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='cards.cardrequest', verbose_name='申请')),
            ],
            options={
                'verbose_name': '修改要求',
                'verbose_name_plural': '修改要求',
                'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('request',), name='one_open_amendment_per_request', violation_error_message='这件申请已有未完成的修改要求。'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='amendment_answer_has_time_and_person')],
            },
        ),
        migrations.CreateModel(
            name='Particulars',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=50, verbose_name='姓名')),
                ('id_type', models.CharField(choices=[('A', '居民身份证'), ('C', '护照'), ('D', '外国人永久居留证'), ('J', '港澳居民来往内地通行证'), ('K', '台湾居民来往大陆通行证'), ('M', '港澳台居民居住证')], max_length=1, verbose_name='证件类型')),
                ('id_number', apps.common.fields.EncryptedTextField(verbose_name='社会保障号码')),
                ('sex', models.CharField(choices=[('1', '男'), ('2', '女'), ('9', '未说明')], max_length=1, verbose_name='性别')),
                ('birth_date', models.DateField(help_text='清空之前一定有', null=True, verbose_name='出生日期')),
                ('nationality', models.CharField(default='CHN', max_length=3, verbose_name='国籍')),
                ('ethnicity', models.CharField(blank=True, choices=[('01', '汉族'), ('02', '蒙古族'), ('03', '回族'), ('04', '藏族'), ('05', '维吾尔族'), ('06', '苗族'), ('07', '彝族'), ('08', '壮族'), ('09', '布依族'), ('10', '朝鲜族'), ('11', '满族'), ('12', '侗族'), ('13', '瑶族'), ('14', '白族'), ('15', '土家族'), ('16', '哈尼族'), ('17', '哈萨克族'), ('18', '傣族'), ('19', '黎族'), ('20', '傈僳族'), ('21', '佤族'), ('22', '畲族'), ('23', '高山族'), ('24', '拉祜族'), ('25', '水族'), ('26', '东乡族'), ('27', '纳西族'), ('28', '景颇族'), ('29', '柯尔克孜族'), ('30', '土族'), ('31', '达斡尔族'), ('32', '仫佬族'), ('33', '羌族'), ('34', '布朗族'), ('35', '撒拉族'), ('36', '毛南族'), ('37', '仡佬族'), ('38', '锡伯族'), ('39', '阿昌族'), ('40', '普米族'), ('41', '塔吉克族'), ('42', '怒族'), ('43', '乌孜别克族'), ('44', '俄罗斯族'), ('45', '鄂温克族'), ('46', '德昂族'), ('47', '保安族'), ('48', '裕固族'), ('49', '京族'), ('50', '塔塔尔族'), ('51', '独龙族'), ('52', '鄂伦春族'), ('53', '赫哲族'), ('54', '门巴族'), ('55', '珞巴族'), ('56', '基诺族'), ('97', '其他'), ('98', '外国血统中国籍人士')], max_length=2, verbose_name='民族')),
                ('id_valid_from', models.DateField(blank=True, null=True, verbose_name='证件有效期起')),
                ('id_valid_until', models.DateField(blank=True, help_text='长期有效记为 9999-12-31', null=True, verbose_name='证件有效期止')),
                ('phone', apps.common.fields.EncryptedTextField(blank=True, verbose_name='手机号')),
                ('address', apps.common.fields.EncryptedTextField(blank=True, verbose_name='常住地址')),
                ('occupation', models.CharField(blank=True, choices=[('1000000', '单位负责人'), ('2000000', '专业、技术人员'), ('3000000', '办事人员'), ('4000000', '商业、服务人员'), ('5000000', '农林牧渔水利生产人员'), ('6000000', '生产运输工人'), ('8000000', '其他从业人员')], max_length=7, verbose_name='职业')),
                ('household_type', models.CharField(blank=True, choices=[('10', '非农业'), ('11', '本地城镇'), ('12', '外地城镇'), ('20', '农业'), ('21', '本地农村'), ('22', '外地农村'), ('30', '港澳台'), ('40', '外籍'), ('50', '居民户')], max_length=3, verbose_name='户口性质')),
                ('extra', apps.common.fields.EncryptedTextField(blank=True, default='', help_text='不单独成列的各项（JSON），见 fields.py', verbose_name='其他填写内容')),
                ('guardian_relation', models.CharField(blank=True, choices=[('1', '父子'), ('2', '父女'), ('3', '母子'), ('4', '母女')], max_length=1, verbose_name='监护关系')),
                ('portrait_source', models.FileField(blank=True, upload_to=apps.requests.models.particulars.portrait_path, verbose_name='上传的照片')),
                ('portrait', models.FileField(blank=True, upload_to=apps.requests.models.particulars.portrait_path, verbose_name='制证照片')),
                ('portrait_crop', models.JSONField(blank=True, default=dict, verbose_name='裁剪框')),
                ('portrait_findings', models.JSONField(blank=True, default=list, verbose_name='照片检查结果')),
                ('portrait_saved_at', models.DateTimeField(blank=True, null=True, verbose_name='照片保存时间')),
                ('typed', apps.common.fields.EncryptedTextField(blank=True, default='', help_text='表单内容原样（JSON），填错的也保留，提交后清空', verbose_name='填写原文')),
                ('saved_at', models.DateTimeField(blank=True, help_text='空：久未保存，填写的内容已清空', null=True, verbose_name='最后保存时间')),
                ('forgotten_at', models.DateTimeField(blank=True, help_text='办结多时，个人信息已删除', null=True, verbose_name='清空时间')),
                ('guardian', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.holder', verbose_name='代办的监护人')),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='particulars', to='cards.cardrequest', verbose_name='申请')),
            ],
            options={
                'verbose_name': '申领信息',
                'verbose_name_plural': '申领信息',
                'indexes': [models.Index(fields=['name'], name='particulars_by_name', opclasses=['varchar_pattern_ops'])],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('birth_date__isnull', False), ('forgotten_at__isnull', True)), models.Q(('forgotten_at__isnull', False), ('birth_date__isnull', True), ('ethnicity', ''), ('household_type', ''), ('name', ''), ('occupation', ''), ('id_valid_from__isnull', True), ('id_valid_until__isnull', True), ('portrait', ''), ('portrait_source', ''), django.db.models.lookups.Exact(django.db.models.functions.text.Length('id_number'), 0), django.db.models.lookups.Exact(django.db.models.functions.text.Length('phone'), 0), django.db.models.lookups.Exact(django.db.models.functions.text.Length('address'), 0), django.db.models.lookups.Exact(django.db.models.functions.text.Length('extra'), 0), django.db.models.lookups.Exact(django.db.models.functions.text.Length('typed'), 0)), _connector='OR'), name='forgotten_particulars_hold_nothing'), models.CheckConstraint(condition=models.Q(models.Q(('guardian__isnull', True), ('guardian_relation', '')), models.Q(('guardian__isnull', False), models.Q(('guardian_relation', ''), _negated=True)), _connector='OR'), name='guardian_comes_with_relation', violation_error_message='代办时监护人和监护关系要同时填写。'), models.CheckConstraint(condition=models.Q(('id_valid_from__isnull', True), ('id_valid_until__isnull', True), ('id_valid_until__gt', models.F('id_valid_from')), _connector='OR'), name='id_document_ends_after_it_begins', violation_error_message='证件有效期的终止日期应晚于起始日期。')],
            },
        ),
        migrations.CreateModel(
            name='StageDuration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('REVIEW', '审核'), ('PRODUCE', '制卡'), ('DISPATCH', '发出'), ('DELIVER', '送达')], max_length=8, verbose_name='环节')),
                ('median_days', models.PositiveSmallIntegerField(help_text='工作日', verbose_name='中位数')),
                ('p90_days', models.PositiveSmallIntegerField(help_text='工作日', verbose_name='九成在此之内')),
                ('sample', models.PositiveIntegerField(verbose_name='件数')),
                ('computed_at', models.DateTimeField(verbose_name='统计时间')),
                ('bank', models.ForeignKey(blank=True, help_text='留空：该地区全部银行合计', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='regions.bank', verbose_name='发卡银行')),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='regions.city', verbose_name='申领地区')),
            ],
            options={
                'verbose_name': '办理用时',
                'verbose_name_plural': '办理用时',
                'constraints': [models.UniqueConstraint(fields=('city', 'bank', 'stage'), name='one_duration_per_city_bank_and_stage'), models.UniqueConstraint(condition=models.Q(('bank__isnull', True)), fields=('city', 'stage'), name='one_duration_per_city_and_stage'), models.CheckConstraint(condition=models.Q(('p90_days__gte', models.F('median_days')), ('sample__gte', 1)), name='duration_is_a_distribution')],
            },
        ),
    ]
