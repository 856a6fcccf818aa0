import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Bank',
            fields=[
                ('code', models.CharField(help_text='客服电话，也是卡管系统中的银行代码', max_length=6, primary_key=True, serialize=False, verbose_name='代码')),
                ('name', models.CharField(max_length=40, unique=True, verbose_name='名称')),
                ('has_nationwide_branches', models.BooleanField(default=False, verbose_name='有全国性服务网点')),
            ],
            options={
                'verbose_name': '银行',
                'verbose_name_plural': '银行',
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9]{5,6}$')), name='bank_code_is_a_hotline', violation_error_message='银行代码应为 5 或 6 位的客服电话。')],
            },
        ),
        migrations.CreateModel(
            name='Province',
            fields=[
                ('code', models.CharField(help_text='GB/T 2260 行政区划代码，6 位数字', max_length=6, primary_key=True, serialize=False, verbose_name='代码')),
                ('name', models.CharField(max_length=30, verbose_name='名称')),
            ],
            options={
                'verbose_name': '省级地区',
                'verbose_name_plural': '省级地区',
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9]{6}$')), name='province_code_is_six_digits', violation_error_message='地区代码应为 6 位数字。')],
            },
        ),
        migrations.CreateModel(
            name='City',
            fields=[
                ('code', models.CharField(help_text='GB/T 2260 行政区划代码，6 位数字', max_length=6, primary_key=True, serialize=False, verbose_name='代码')),
                ('name', models.CharField(max_length=40, verbose_name='名称')),
                ('is_municipality', models.BooleanField(default=False, verbose_name='直辖市')),
                ('seat_code', models.CharField(blank=True, help_text='只有省本级填写：邮寄费按这个城市计算，省本级不出现在收件地址中', max_length=6, verbose_name='驻地城市代码')),
                ('province', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cities', to='regions.province', verbose_name='省级地区')),
            ],
            options={
                'verbose_name': '城市',
                'verbose_name_plural': '城市',
            },
        ),
        migrations.CreateModel(
            name='ServiceOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('open_from', models.DateField(verbose_name='开通日期')),
                ('open_until', models.DateField(blank=True, help_text='这一天仍可办理', null=True, verbose_name='停办日期')),
                ('service', models.CharField(choices=[('APPLY', '社会保障卡申领'), ('ACTIVATE', '社会保障卡启用'), ('REPLACE', '社会保障卡补换'), ('LOSS_REPORT', '社会保障卡临时挂失'), ('PROGRESS', '社会保障卡制卡进度查询')], max_length=12, verbose_name='服务')),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='openings', to='regions.city', verbose_name='城市')),
            ],
            options={
                'verbose_name': '开通的服务',
                'verbose_name_plural': '开通的服务',
            },
        ),
        migrations.CreateModel(
            name='CityBank',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('open_from', models.DateField(verbose_name='开通日期')),
                ('open_until', models.DateField(blank=True, help_text='这一天仍可办理', null=True, verbose_name='停办日期')),
                ('bank', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='city_banks', to='regions.bank', verbose_name='银行')),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='city_banks', to='regions.city', verbose_name='城市')),
            ],
            options={
                'verbose_name': '城市的发卡银行',
                'verbose_name_plural': '城市的发卡银行',
                'constraints': [models.UniqueConstraint(condition=models.Q(('open_until', None)), fields=('city', 'bank'), name='bank_open_once_per_city', violation_error_message='这家银行在这个城市已经开通。'), models.UniqueConstraint(fields=('city', 'bank', 'open_from'), name='bank_opens_once_a_day_per_city', violation_error_message='这家银行这一天已经在这个城市开通。'), models.CheckConstraint(condition=models.Q(('open_until', None), ('open_until__gte', models.F('open_from')), _connector='OR'), name='bank_ends_after_it_opens', violation_error_message='停办日期不能早于开通日期。')],
            },
        ),
        migrations.CreateModel(
            name='CityRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(help_text='从这一天 0:00 起', verbose_name='生效日期')),
                ('postage_same_city_fen', models.PositiveIntegerField(default=1000, verbose_name='同城邮寄费（分）')),
                ('postage_same_province_fen', models.PositiveIntegerField(default=1200, verbose_name='省内邮寄费（分）')),
                ('postage_elsewhere_fen', models.PositiveIntegerField(default=1600, verbose_name='省外邮寄费（分）')),
                ('card_fee_fen', models.PositiveIntegerField(default=0, verbose_name='补换工本费（分）')),
                ('produce_days', models.PositiveSmallIntegerField(default=10, help_text='工作日，从受理到制卡成功', verbose_name='承诺制卡时限')),
                ('dispatch_days', models.PositiveSmallIntegerField(default=5, help_text='工作日，从制卡成功到发出', verbose_name='承诺发出时限')),
                ('collect_days', models.PositiveSmallIntegerField(default=5, help_text='工作日，从发出到领取', verbose_name='预计送达时限')),
                ('loss_report_days', models.PositiveSmallIntegerField(default=7, help_text='自然日，挂失当天不计', verbose_name='临时挂失天数')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='变更原因')),
                ('created_at', models.DateTimeField(blank=True, null=True, verbose_name='录入时间')),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='regions.city', verbose_name='城市')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
            ],
            options={
                'verbose_name': '资费与时限',
                'verbose_name_plural': '资费与时限',
                'constraints': [models.UniqueConstraint(fields=('city', 'valid_from'), name='one_rule_begins_a_day_per_city', violation_error_message='这个城市这一天已经有一个版本。'), models.CheckConstraint(condition=models.Q(('loss_report_days__gte', 1)), name='loss_report_lasts_a_day_or_more', violation_error_message='临时挂失天数至少为 1 天。'), models.CheckConstraint(condition=models.Q(models.Q(('created_at__isnull', True), ('created_by__isnull', True)), models.Q(('created_at__isnull', False), ('created_by__isnull', False)), _connector='OR'), name='rule_is_loaded_or_has_its_author')],
            },
        ),
        migrations.CreateModel(
            name='County',
            fields=[
                ('code', models.CharField(help_text='GB/T 2260 行政区划代码，6 位数字', max_length=6, primary_key=True, serialize=False, verbose_name='代码')),
                ('name', models.CharField(max_length=40, verbose_name='名称')),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counties', to='regions.city', verbose_name='城市')),
            ],
            options={
                'verbose_name': '区县',
                'verbose_name_plural': '区县',
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9]{6}$')), name='county_code_is_six_digits', violation_error_message='地区代码应为 6 位数字。')],
            },
        ),
        migrations.AddConstraint(
            model_name='city',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9]{6}$')), name='city_code_is_six_digits', violation_error_message='地区代码应为 6 位数字。'),
        ),
        migrations.AddConstraint(
            model_name='city',
            constraint=models.CheckConstraint(condition=models.Q(('province', django.db.models.functions.text.Concat(django.db.models.functions.text.Substr('code', 1, 2), models.Value('0000')))), name='city_lies_in_its_province', violation_error_message='城市代码的前两位与所选省级地区不一致。'),
        ),
        migrations.AddConstraint(
            model_name='city',
            constraint=models.CheckConstraint(condition=models.Q(('is_municipality', False), models.Q(('code', models.F('province')), ('seat_code', '')), _connector='OR'), name='municipality_has_the_code_of_its_province', violation_error_message='直辖市的城市代码应与省级代码相同，且没有驻地城市。'),
        ),
        migrations.AddConstraint(
            model_name='serviceopening',
            constraint=models.UniqueConstraint(condition=models.Q(('open_until', None)), fields=('city', 'service'), name='service_open_once_per_city', violation_error_message='这个城市的这项服务已经开通。'),
        ),
        migrations.AddConstraint(
            model_name='serviceopening',
            constraint=models.UniqueConstraint(fields=('city', 'service', 'open_from'), name='service_opens_once_a_day_per_city', violation_error_message='这个城市的这项服务这一天已经开通。'),
        ),
        migrations.AddConstraint(
            model_name='serviceopening',
            constraint=models.CheckConstraint(condition=models.Q(('service__in', ['APPLY', 'ACTIVATE', 'REPLACE', 'LOSS_REPORT', 'PROGRESS'])), name='service_is_known'),
        ),
        migrations.AddConstraint(
            model_name='serviceopening',
            constraint=models.CheckConstraint(condition=models.Q(('open_until', None), ('open_until__gte', models.F('open_from')), _connector='OR'), name='service_ends_after_it_opens', violation_error_message='停办日期不能早于开通日期。'),
        ),
    ]
