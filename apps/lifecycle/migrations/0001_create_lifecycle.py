from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Setback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_kind', models.CharField(max_length=20, verbose_name='对象种类')),
                ('subject_id', models.PositiveBigIntegerField(verbose_name='对象')),
                ('action', models.CharField(max_length=24, verbose_name='动作')),
                ('reason', models.CharField(max_length=300, verbose_name='原因')),
                ('tries', models.PositiveIntegerField(default=1, verbose_name='次数')),
                ('first_at', models.DateTimeField(verbose_name='第一次时间')),
                ('next_try_at', models.DateTimeField(verbose_name='下次办理时间')),
            ],
            options={
                'verbose_name': '未能自动办理的事项',
                'verbose_name_plural': '未能自动办理的事项',
                'constraints': [models.UniqueConstraint(fields=('subject_kind', 'action', 'subject_id'), name='one_setback_per_row_and_action')],
            },
        ),
    ]
