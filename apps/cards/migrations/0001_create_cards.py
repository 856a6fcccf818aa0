import apps.cards.models.particulars
import apps.common.fields
import apps.common.references
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Amendment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('items', models.JSONField(help_text='[{"field": "phone", "reason": "…"}, …]', verbose_name='需修改的内容')),
                ('before', apps.common.fields.EncryptedTextField(blank=True, default='', help_text='被要求修改的各列当时的值（JSON），与申请信息同时清空', verbose_name='修改前的内容')),
                ('portrait_before', models.FileField(blank=True, upload_to=apps.cards.models.particulars.portrait_path, verbose_name='修改前的照片')),
                ('due_date', models.DateField(verbose_name='请在此日前修改')),
                ('asked_at', models.DateTimeField(verbose_name='提出时间')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='修改完成时间')),
            ],
            options={
                'verbose_name': '修改要求',
                'verbose_name_plural': '修改要求',
            },
        ),
        migrations.CreateModel(
            name='BureauFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='编号')),
                ('name', models.CharField(max_length=100, verbose_name='文件名')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('direction', models.CharField(choices=[('OUT', '送出'), ('IN', '收到')], max_length=3, verbose_name='方向')),
                ('exchanged_at', models.DateTimeField(verbose_name='送出或收到时间')),
                ('good', models.PositiveIntegerField(default=0, verbose_name='新的行')),
                ('repeated', models.PositiveIntegerField(default=0, verbose_name='重复的行')),
                ('broken', models.PositiveIntegerField(default=0, verbose_name='有误的行')),
                ('refusal', models.CharField(blank=True, max_length=200, verbose_name='没有读取的原因')),
            ],
            options={
                'verbose_name': '制卡往来文件',
                'verbose_name_plural': '制卡往来文件',
            },
        ),
        migrations.CreateModel(
            name='BureauReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=60, unique=True, verbose_name='回盘编号')),
                ('order_reference', models.CharField(max_length=40, verbose_name='制卡单号')),
                ('kind', models.CharField(choices=[('MADE', '制卡成功'), ('FAILED', '制卡失败'), ('SENT', '已发出')], max_length=8, verbose_name='结果')),
                ('reported_at', models.DateTimeField(verbose_name='制卡中心办理时间')),
                ('card_number', models.CharField(blank=True, max_length=9, verbose_name='社保卡号')),
                ('carrier', models.CharField(blank=True, max_length=20, verbose_name='承运方')),
                ('tracking_number', models.CharField(blank=True, max_length=30, verbose_name='运单号')),
                ('failure', models.CharField(blank=True, max_length=200, verbose_name='失败原因')),
                ('received_at', models.DateTimeField(verbose_name='收到时间')),
                ('applied_at', models.DateTimeField(blank=True, null=True, verbose_name='登记时间')),
                ('next_try_at', models.DateTimeField(verbose_name='下次登记时间')),
                ('waits_for', models.CharField(blank=True, choices=[('MADE', '制卡成功'), ('FAILED', '制卡失败'), ('SENT', '已发出')], max_length=8, verbose_name='等哪一步')),
                ('error', models.TextField(blank=True, verbose_name='未能登记的原因')),
            ],
            options={
                'verbose_name': '制卡回盘',
                'verbose_name_plural': '制卡回盘',
            },
        ),
        migrations.CreateModel(
            name='Card',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status_since', models.DateTimeField(verbose_name='状态开始时间')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='编号')),
                ('card_number', models.CharField(max_length=9, unique=True, verbose_name='社保卡号')),
                ('status', models.CharField(choices=[('SEALED', '封存'), ('ACTIVE', '正常'), ('SUSPENDED', '临时挂失'), ('LOST', '正式挂失'), ('RETIRED', '注销')], max_length=12, verbose_name='状态')),
                ('suspended_until', models.DateTimeField(blank=True, null=True, verbose_name='临时挂失到期时间')),
            ],
            options={
                'verbose_name': '社保卡',
                'verbose_name_plural': '社保卡',
            },
        ),
        migrations.CreateModel(
            name='CardRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status_since', models.DateTimeField(verbose_name='状态开始时间')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='业务受理编号')),
                ('kind', models.CharField(choices=[('FIRST', '申领'), ('REPLACEMENT', '补换')], max_length=12, verbose_name='事项')),
                ('status', models.CharField(choices=[('DRAFT', '填写中'), ('SUBMITTED', '待缴费'), ('WITHDRAWN', '已撤销'), ('LAPSED', '逾期未缴费'), ('PAID', '待受理'), ('ACCEPTED', '审核中'), ('NEEDS_AMENDMENT', '待修改信息'), ('APPROVED', '制卡中'), ('REJECTED', '审核不通过'), ('PRODUCED', '制卡成功'), ('DISPATCHED', '已发出'), ('COLLECTED', '已领取')], max_length=16, verbose_name='状态')),
                ('replacement_reason', models.CharField(blank=True, choices=[('LOST', '遗失'), ('EXPIRED', '到期'), ('DAMAGED', '损坏'), ('WORN', '卡面污损、残缺不能辨认'), ('CHIP_UNREADABLE', '芯片不能读写'), ('PORTRAIT_CHANGED', '相片变更'), ('BANK_CHANGED', '服务银行变化'), ('AREA_CHANGED', '跨省流动参保地变化')], max_length=16, verbose_name='补换原因')),
                ('carrier', models.CharField(blank=True, max_length=20, verbose_name='承运方')),
                ('tracking_number', models.CharField(blank=True, max_length=30, verbose_name='运单号')),
            ],
            options={
                'verbose_name': '申领补换申请',
                'verbose_name_plural': '申领补换申请',
                'permissions': [('review_cardrequest', '可以审核申请')],
            },
        ),
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
                ('guardian_relation', models.CharField(blank=True, choices=[('1', '父子'), ('2', '父女'), ('3', '母子'), ('4', '母女')], max_length=1, verbose_name='监护关系')),
                ('portrait_source', models.FileField(blank=True, upload_to=apps.cards.models.particulars.portrait_path, verbose_name='上传的照片')),
                ('portrait', models.FileField(blank=True, upload_to=apps.cards.models.particulars.portrait_path, verbose_name='制证照片')),
                ('portrait_crop', models.JSONField(blank=True, default=dict, verbose_name='裁剪框')),
                ('portrait_findings', models.JSONField(blank=True, default=list, verbose_name='照片检查结果')),
                ('portrait_saved_at', models.DateTimeField(blank=True, null=True, verbose_name='照片保存时间')),
                ('typed', apps.common.fields.EncryptedTextField(blank=True, default='', help_text='表单内容原样（JSON），填错的也保留，提交后清空', verbose_name='填写原文')),
                ('saved_at', models.DateTimeField(blank=True, help_text='空：久未保存，填写的内容已清空', null=True, verbose_name='最后保存时间')),
                ('forgotten_at', models.DateTimeField(blank=True, help_text='办结多时，个人信息已删除', null=True, verbose_name='清空时间')),
            ],
            options={
                'verbose_name': '申领信息',
                'verbose_name_plural': '申领信息',
            },
        ),
        migrations.CreateModel(
            name='ProductionBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='批次号')),
                ('created_at', models.DateTimeField(verbose_name='建立时间')),
                ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='送出时间')),
                ('next_try_at', models.DateTimeField(verbose_name='下次送出时间')),
                ('tries', models.PositiveIntegerField(default=0, help_text='没有送出去的也算', verbose_name='送出次数')),
                ('last_error', models.TextField(blank=True, verbose_name='上次失败原因')),
            ],
            options={
                'verbose_name': '制卡批次',
                'verbose_name_plural': '制卡批次',
            },
        ),
        migrations.CreateModel(
            name='ProductionOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='制卡单号')),
                ('failed_at', models.DateTimeField(blank=True, null=True, verbose_name='制卡失败时间')),
            ],
            options={
                'verbose_name': '制卡单',
                'verbose_name_plural': '制卡单',
            },
        ),
        migrations.CreateModel(
            name='QuarantinedLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='编号')),
                ('number', models.PositiveIntegerField(verbose_name='行号')),
                ('content', apps.common.fields.EncryptedTextField(verbose_name='原文')),
                ('content_index', apps.common.fields.BlindIndexField(source='content', unique=True, verbose_name='原文索引')),
                ('fault', models.CharField(max_length=200, verbose_name='隔离的原因')),
                ('received_at', models.DateTimeField(verbose_name='收到时间')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='处理时间')),
                ('settlement', models.CharField(blank=True, max_length=200, verbose_name='处理说明')),
            ],
            options={
                'verbose_name': '制卡回盘隔离行',
                'verbose_name_plural': '制卡回盘隔离行',
            },
        ),
        migrations.CreateModel(
            name='ReportUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='编号')),
                ('name', models.CharField(max_length=100, verbose_name='文件名')),
                ('content', apps.common.fields.EncryptedTextField(help_text='文件的字节，按 Latin-1 写成文字', verbose_name='内容')),
                ('uploaded_at', models.DateTimeField(verbose_name='上传时间')),
            ],
            options={
                'verbose_name': '待确认的回盘文件',
                'verbose_name_plural': '待确认的回盘文件',
            },
        ),
        migrations.CreateModel(
            name='SimulatedJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_reference', models.CharField(max_length=16, unique=True, verbose_name='制卡单号')),
                ('city_code', models.CharField(max_length=6, verbose_name='发卡地区')),
                ('is_pickup', models.BooleanField(default=False, verbose_name='网点自取')),
                ('is_faulty', models.BooleanField(default=False, help_text='勾选后，到制卡时间时回报制卡失败', verbose_name='制卡会失败')),
                ('received_at', models.DateTimeField(verbose_name='收到时间')),
                ('made_at', models.DateTimeField(verbose_name='制成时间')),
                ('sent_at', models.DateTimeField(verbose_name='发出时间')),
                ('is_made_reported', models.BooleanField(default=False, verbose_name='制卡结果已取走')),
                ('is_sent_reported', models.BooleanField(default=False, verbose_name='发出结果已取走')),
            ],
            options={
                'verbose_name': '模拟制卡',
                'verbose_name_plural': '模拟制卡',
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
            ],
            options={
                'verbose_name': '办理用时',
                'verbose_name_plural': '办理用时',
            },
        ),
    ]
