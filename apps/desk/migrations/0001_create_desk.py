from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('claimed_at', models.DateTimeField(verbose_name='领办时间')),
                ('lapses_at', models.DateTimeField(verbose_name='失效时间')),
            ],
            options={
                'verbose_name': '领办',
                'verbose_name_plural': '领办',
                'permissions': (('second_review', '可以复核'), ('manage_phrases', '可以修改常用语'), ('manage_rules', '可以修改地区与规则'), ('manage_roster', '可以维护人事名册'), ('operate_bureau', '可以处理制卡批次'), ('export_full', '可以导出完整号码')),
            },
        ),
    ]
