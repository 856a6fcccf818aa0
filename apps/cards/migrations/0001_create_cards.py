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
                'permissions': [('review_cardrequest', '可以审核申请'), ('read_cases', '可以查看全部申请')],
            },
        ),
    ]
