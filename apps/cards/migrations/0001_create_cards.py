import apps.common.references
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Card',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='编号')),
                ('card_number', models.CharField(max_length=9, unique=True, verbose_name='社保卡号')),
                ('status', models.CharField(choices=[('SEALED', '封存'), ('ACTIVE', '正常'), ('SUSPENDED', '临时挂失'), ('LOST', '正式挂失'), ('RETIRED', '注销')], max_length=12, verbose_name='状态')),
                ('status_since', models.DateTimeField(verbose_name='状态开始时间')),
                ('suspended_until', models.DateTimeField(blank=True, null=True, verbose_name='临时挂失到期时间')),
            ],
            options={
                'verbose_name': '社保卡',
                'verbose_name_plural': '社保卡',
            },
        ),
        migrations.CreateModel(
            name='CardEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(choices=[('CARD', '社保卡'), ('REQUEST', '申请')], max_length=8, verbose_name='对象')),
                ('action', models.CharField(max_length=20, verbose_name='动作')),
                ('from_status', models.CharField(blank=True, max_length=16, verbose_name='原状态')),
                ('to_status', models.CharField(max_length=16, verbose_name='新状态')),
                ('due_at', models.DateTimeField(blank=True, help_text='与办理时间不同时才有，例如到期时间', null=True, verbose_name='应办时间')),
                ('at', models.DateTimeField(verbose_name='办理时间')),
                ('role', models.CharField(choices=[('HOLDER', '持卡人'), ('GUARDIAN', '监护人'), ('REVIEWER', '审核人'), ('WORKER', '系统'), ('GATEWAY', '支付平台')], max_length=10, verbose_name='身份')),
                ('channel', models.CharField(choices=[('WEB', '网上办理'), ('ADMIN', '审核后台'), ('WORKER', '后台任务'), ('GATEWAY', '支付通知')], max_length=10, verbose_name='渠道')),
                ('reason', models.TextField(blank=True, verbose_name='原因')),
            ],
            options={
                'verbose_name': '办理记录',
                'verbose_name_plural': '办理记录',
            },
        ),
        migrations.CreateModel(
            name='CardRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='业务受理编号')),
                ('kind', models.CharField(choices=[('FIRST', '申领'), ('REPLACEMENT', '补换')], max_length=12, verbose_name='事项')),
                ('status', models.CharField(choices=[('DRAFT', '填写中'), ('SUBMITTED', '待缴费'), ('WITHDRAWN', '已撤销'), ('LAPSED', '逾期未缴费'), ('PAID', '待受理'), ('ACCEPTED', '审核中'), ('NEEDS_AMENDMENT', '待修改信息'), ('APPROVED', '制卡中'), ('REJECTED', '审核不通过'), ('PRODUCED', '制卡成功'), ('DISPATCHED', '已发出'), ('COLLECTED', '已领取')], max_length=16, verbose_name='状态')),
                ('status_since', models.DateTimeField(verbose_name='状态开始时间')),
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
    ]
