import apps.common.fields
import apps.common.references
import apps.people.models.people
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('employee_number', models.CharField(error_messages={'unique': '这个工号已有账户。'}, max_length=20, unique=True, verbose_name='工号')),
                ('is_active', models.BooleanField(default=True, verbose_name='可登录')),
                ('is_staff', models.BooleanField(default=False, verbose_name='可进入审核后台')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': '账户',
                'verbose_name_plural': '账户',
            },
        ),
        migrations.CreateModel(
            name='Holder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='编号')),
                ('name', models.CharField(max_length=50, verbose_name='姓名')),
                ('id_type', models.CharField(choices=[('A', '居民身份证'), ('C', '护照'), ('D', '外国人永久居留证'), ('J', '港澳居民来往内地通行证'), ('K', '台湾居民来往大陆通行证'), ('M', '港澳台居民居住证')], default='A', max_length=1, verbose_name='证件类型')),
                ('id_number', apps.common.fields.EncryptedTextField(verbose_name='社会保障号码')),
                ('id_number_index', apps.common.fields.BlindIndexField(source='id_number', unique=True, verbose_name='社会保障号码索引')),
                ('id_tail_index', apps.common.fields.BlindIndexField(last=4, source='id_number', verbose_name='社会保障号码末四位索引')),
                ('birth_date', models.DateField(verbose_name='出生日期')),
                ('sex', models.CharField(choices=[('1', '男'), ('2', '女'), ('9', '未说明')], max_length=1, verbose_name='性别')),
                ('ethnicity', models.CharField(blank=True, choices=[('01', '汉族'), ('02', '蒙古族'), ('03', '回族'), ('04', '藏族'), ('05', '维吾尔族'), ('06', '苗族'), ('07', '彝族'), ('08', '壮族'), ('09', '布依族'), ('10', '朝鲜族'), ('11', '满族'), ('12', '侗族'), ('13', '瑶族'), ('14', '白族'), ('15', '土家族'), ('16', '哈尼族'), ('17', '哈萨克族'), ('18', '傣族'), ('19', '黎族'), ('20', '傈僳族'), ('21', '佤族'), ('22', '畲族'), ('23', '高山族'), ('24', '拉祜族'), ('25', '水族'), ('26', '东乡族'), ('27', '纳西族'), ('28', '景颇族'), ('29', '柯尔克孜族'), ('30', '土族'), ('31', '达斡尔族'), ('32', '仫佬族'), ('33', '羌族'), ('34', '布朗族'), ('35', '撒拉族'), ('36', '毛南族'), ('37', '仡佬族'), ('38', '锡伯族'), ('39', '阿昌族'), ('40', '普米族'), ('41', '塔吉克族'), ('42', '怒族'), ('43', '乌孜别克族'), ('44', '俄罗斯族'), ('45', '鄂温克族'), ('46', '德昂族'), ('47', '保安族'), ('48', '裕固族'), ('49', '京族'), ('50', '塔塔尔族'), ('51', '独龙族'), ('52', '鄂伦春族'), ('53', '赫哲族'), ('54', '门巴族'), ('55', '珞巴族'), ('56', '基诺族'), ('97', '其他'), ('98', '外国血统中国籍人士')], max_length=2, verbose_name='民族')),
                ('nationality', models.CharField(default='CHN', max_length=3, verbose_name='国籍')),
                ('phone', apps.common.fields.EncryptedTextField(blank=True, verbose_name='手机号')),
                ('phone_index', apps.common.fields.BlindIndexField(source='phone', verbose_name='手机号索引')),
                ('former_phone', apps.common.fields.EncryptedTextField(blank=True, help_text='变更手机号时也通知到这里', verbose_name='原手机号')),
                ('address', apps.common.fields.EncryptedTextField(blank=True, verbose_name='常住地址')),
                ('occupation', models.CharField(blank=True, choices=[('1000000', '单位负责人'), ('2000000', '专业、技术人员'), ('3000000', '办事人员'), ('4000000', '商业、服务人员'), ('5000000', '农林牧渔水利生产人员'), ('6000000', '生产运输工人'), ('8000000', '其他从业人员')], max_length=7, verbose_name='职业')),
                ('department', models.CharField(blank=True, max_length=60, verbose_name='部门')),
                ('deceased_date', models.DateField(blank=True, null=True, verbose_name='死亡日期')),
                ('left_date', models.DateField(blank=True, help_text='离职的人不能登录，办理记录保留', null=True, verbose_name='离职日期')),
                ('has_card_elsewhere', models.BooleanField(default=False, help_text='省卡管系统中已有有效社保卡', verbose_name='本省已有社保卡')),
                ('reference_photo', models.FileField(blank=True, upload_to='reference/', verbose_name='人事照片')),
                ('user', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holder', to=settings.AUTH_USER_MODEL, verbose_name='账户')),
            ],
            options={
                'verbose_name': '持卡人',
                'verbose_name_plural': '持卡人',
            },
        ),
        migrations.CreateModel(
            name='Guardianship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status_since', models.DateTimeField(verbose_name='状态开始时间')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='编号')),
                ('ward_name', models.CharField(help_text='登记人填写的孩子姓名；第一次确认后成为孩子的姓名', max_length=50, verbose_name='登记的姓名')),
                ('relation', models.CharField(choices=[('1', '父子'), ('2', '父女'), ('3', '母子'), ('4', '母女')], max_length=1, verbose_name='监护关系')),
                ('proof_kind', models.CharField(choices=[('1', '户口簿'), ('2', '出生医学证明')], max_length=1, verbose_name='证明材料')),
                ('created_at', models.DateTimeField(verbose_name='登记时间')),
                ('ends_at', models.DateTimeField(help_text='孩子由本人办理的第一天的 0:00', verbose_name='代办结束时间')),
                ('status', models.CharField(choices=[('WAITING', '待确认'), ('CONFIRMED', '已确认'), ('REFUSED', '不予确认'), ('ENDED', '代办已结束')], max_length=9, verbose_name='状态')),
                ('refusal_reason', models.TextField(blank=True, verbose_name='不予确认的原因')),
                ('guardian', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guardianships', to='people.holder', verbose_name='监护人')),
                ('ward', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guardians', to='people.holder', verbose_name='被监护人')),
            ],
            options={
                'verbose_name': '监护关系',
                'verbose_name_plural': '监护关系',
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('SERVICE', '服务协议'), ('PRIVACY', '个人信息处理规则'), ('SENSITIVE', '敏感个人信息单独同意书'), ('FACE', '人脸信息单独同意书'), ('THIRD_PARTY', '向第三方提供个人信息单独同意书'), ('CHILDREN', '儿童个人信息保护规则')], max_length=12, verbose_name='文本')),
                ('text_version', models.CharField(max_length=20, verbose_name='文本版本')),
                ('given_at', models.DateTimeField(verbose_name='同意时间')),
                ('ip', models.GenericIPAddressField(blank=True, null=True, verbose_name='网络地址')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to=settings.AUTH_USER_MODEL, verbose_name='同意人')),
                ('holder', models.ForeignKey(help_text='谁的个人信息：本人，或由监护人同意的子女', on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='people.holder', verbose_name='信息主体')),
            ],
            options={
                'verbose_name': '同意记录',
                'verbose_name_plural': '同意记录',
            },
        ),
        migrations.CreateModel(
            name='RosterUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status_since', models.DateTimeField(verbose_name='状态开始时间')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='编号')),
                ('at', models.DateTimeField(verbose_name='上传时间')),
                ('file_kind', models.CharField(choices=[('xlsx', 'XLSX'), ('csv', 'CSV')], max_length=4, verbose_name='文件类型')),
                ('content', apps.common.fields.EncryptedTextField(blank=True, help_text='Base64；读完即清空，原来的文件名不保存', verbose_name='文件内容')),
                ('digest', models.CharField(help_text='带密钥的摘要，用来认出同一个文件', max_length=64, verbose_name='文件摘要')),
                ('is_complete', models.BooleanField(default=False, help_text='名册里没有的在职人员按离职处理', verbose_name='这是全员名册')),
                ('status', models.CharField(choices=[('UPLOADED', '正在读取'), ('READ', '待核对'), ('UNREADABLE', '读不了'), ('APPLYING', '正在生效'), ('APPLIED', '已生效'), ('DISCARDED', '已放弃')], max_length=10, verbose_name='状态')),
                ('refusal', models.CharField(blank=True, max_length=300, verbose_name='读不了的原因')),
                ('remarks', models.JSONField(blank=True, default=list, verbose_name='提示')),
                ('counts', models.JSONField(blank=True, default=dict, verbose_name='数量')),
                ('leased_until', models.DateTimeField(blank=True, help_text='同一份名册同时只由一个任务处理', null=True, verbose_name='后台任务占用到')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='上传人')),
            ],
            options={
                'verbose_name': '人事名册',
                'verbose_name_plural': '人事名册',
            },
        ),
        migrations.CreateModel(
            name='RosterRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveIntegerField(blank=True, null=True, verbose_name='行号')),
                ('kind', models.CharField(choices=[('CREATED', '新增'), ('UPDATED', '变更'), ('LEFT', '离职'), ('REFUSED', '有问题')], max_length=10, verbose_name='作用')),
                ('employee_number', models.CharField(blank=True, max_length=20, verbose_name='工号')),
                ('masked_name', models.CharField(blank=True, help_text='遮盖后的姓名', max_length=50, verbose_name='姓名')),
                ('cells', apps.common.fields.EncryptedTextField(blank=True, help_text='JSON；生效后清空', verbose_name='单元格')),
                ('seen', models.CharField(blank=True, max_length=64, verbose_name='预览时的摘要')),
                ('changes', models.JSONField(blank=True, default=list, help_text='列、原值、新值，已遮盖', verbose_name='变化')),
                ('problems', models.JSONField(blank=True, default=list, help_text='列、原因', verbose_name='问题')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='处理时间')),
                ('outcome', models.CharField(blank=True, choices=[('APPLIED', '已生效'), ('NOTHING_LEFT', '已是这样'), ('REFUSED', '没有生效')], max_length=12, verbose_name='结果')),
                ('holder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='roster_rows', to='people.holder', verbose_name='人员')),
                ('upload', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='people.rosterupload', verbose_name='人事名册')),
            ],
            options={
                'verbose_name': '名册的行',
                'verbose_name_plural': '名册的行',
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(blank=True, max_length=64, null=True, unique=True, verbose_name='链接摘要')),
                ('created_at', models.DateTimeField(verbose_name='建立时间')),
                ('next_try_at', models.DateTimeField(blank=True, null=True, verbose_name='下次发送时间')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='已发送次数')),
                ('last_error', models.CharField(blank=True, max_length=200, verbose_name='上次失败原因')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='发出时间')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='链接失效时间')),
                ('wrong_answers', models.PositiveSmallIntegerField(default=0, verbose_name='答错次数')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='首次登录时间')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to=settings.AUTH_USER_MODEL, verbose_name='账户')),
                ('upload', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='people.rosterupload', verbose_name='人事名册')),
            ],
            options={
                'verbose_name': '邀请',
                'verbose_name_plural': '邀请',
            },
        ),
        migrations.CreateModel(
            name='GuardianshipProof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='第几张')),
                ('picture', models.FileField(upload_to=apps.people.models.people.proof_path, verbose_name='影像')),
                ('guardianship', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proofs', to='people.guardianship', verbose_name='监护关系')),
            ],
            options={
                'verbose_name': '监护证明影像',
                'verbose_name_plural': '监护证明影像',
                'constraints': [models.UniqueConstraint(fields=('guardianship', 'number'), name='proof_numbers_are_unique_in_a_claim')],
            },
        ),
        migrations.AddIndex(
            model_name='holder',
            index=models.Index(fields=['id_tail_index'], name='holder_by_id_tail'),
        ),
        migrations.AddIndex(
            model_name='holder',
            index=models.Index(fields=['name'], name='holder_by_name', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='holder',
            index=models.Index(fields=['department'], name='holder_by_department'),
        ),
        migrations.AddConstraint(
            model_name='holder',
            constraint=models.UniqueConstraint(condition=models.Q(('user__isnull', False)), fields=('phone_index',), name='one_account_per_phone', violation_error_message='这个手机号已属于另一个账户。'),
        ),
        migrations.AddIndex(
            model_name='guardianship',
            index=models.Index(condition=models.Q(('status', 'CONFIRMED')), fields=['ends_at'], name='guardianship_to_end'),
        ),
        migrations.AddIndex(
            model_name='guardianship',
            index=models.Index(condition=models.Q(('status', 'WAITING')), fields=['created_at'], name='guardianship_waiting'),
        ),
        migrations.AddConstraint(
            model_name='guardianship',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['WAITING', 'CONFIRMED', 'REFUSED', 'ENDED'])), name='guardianship_status_is_known'),
        ),
        migrations.AddConstraint(
            model_name='guardianship',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'REFUSED'), _negated=True), fields=('guardian', 'ward'), name='one_bond_per_guardian_and_ward', violation_error_message='这个孩子已经登记过。'),
        ),
        migrations.AddConstraint(
            model_name='guardianship',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'REFUSED'), models.Q(('refusal_reason', ''), _negated=True)), models.Q(models.Q(('status', 'REFUSED'), _negated=True), ('refusal_reason', '')), _connector='OR'), name='guardianship_has_a_reason_exactly_when_refused', violation_error_message='不予确认必须写明原因。'),
        ),
        migrations.AddConstraint(
            model_name='guardianship',
            constraint=models.CheckConstraint(condition=models.Q(('guardian', models.F('ward')), _negated=True), name='nobody_is_their_own_guardian', violation_error_message='不能登记为自己的监护人。'),
        ),
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(fields=['user', 'holder', 'kind'], name='consent_of_user'),
        ),
        migrations.AddIndex(
            model_name='rosterupload',
            index=models.Index(condition=models.Q(('status__in', ('UPLOADED', 'READ', 'UNREADABLE'))), fields=['at'], name='roster_waiting'),
        ),
        migrations.AddIndex(
            model_name='rosterupload',
            index=models.Index(condition=models.Q(('status', 'APPLYING')), fields=['status_since'], name='roster_in_progress'),
        ),
        migrations.AddConstraint(
            model_name='rosterupload',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['UPLOADED', 'READ', 'UNREADABLE', 'APPLYING', 'APPLIED', 'DISCARDED'])), name='roster_status_is_known'),
        ),
        migrations.AddConstraint(
            model_name='rosterupload',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'UNREADABLE'), ('status', 'DISCARDED'), ('refusal', ''), _connector='OR'), name='roster_refusal_only_when_unreadable'),
        ),
        migrations.AddIndex(
            model_name='rosterrow',
            index=models.Index(fields=['upload', 'kind', 'id'], name='roster_rows_by_kind'),
        ),
        migrations.AddIndex(
            model_name='rosterrow',
            index=models.Index(condition=models.Q(('done_at__isnull', True)), fields=['upload', 'id'], name='roster_rows_waiting'),
        ),
        migrations.AddConstraint(
            model_name='rosterrow',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('outcome', '')), models.Q(('done_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='roster_row_done_has_its_outcome'),
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(condition=models.Q(('next_try_at__isnull', False)), fields=['next_try_at'], name='invitation_to_send'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(condition=models.Q(('accepted_at', None)), fields=('user',), name='one_live_invitation_per_user', violation_error_message='这个账户已有一份邀请。'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('sent_at__isnull', True), ('next_try_at__isnull', True), _connector='OR'), name='sent_invitation_is_not_tried_again'),
        ),
    ]
