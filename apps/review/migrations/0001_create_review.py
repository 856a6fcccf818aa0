import apps.common.references
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cards', '0001_create_cards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Phrase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='编号')),
                ('topic', models.CharField(choices=[('portrait', '电子照片'), ('ethnicity', '民族'), ('id_valid', '证件有效期'), ('phone', '手机号'), ('address', '常住地址'), ('occupation', '职业'), ('household_type', '户口性质'), ('rejection', '审核不通过'), ('guardianship', '不予确认监护关系'), ('formal_loss', '不予确认正式挂失')], max_length=20, verbose_name='用于')),
                ('text', models.CharField(max_length=200, verbose_name='内容')),
                ('position', models.PositiveIntegerField(verbose_name='次序')),
                ('is_active', models.BooleanField(default=True, verbose_name='启用')),
            ],
            options={
                'verbose_name': '常用语',
                'verbose_name_plural': '常用语',
                'constraints': [models.UniqueConstraint(fields=('topic', 'text'), name='phrase_stands_once_in_its_topic', violation_error_message='这里已经有同样的一句（可能已停用）。')],
            },
        ),
        migrations.CreateModel(
            name='FirstApproval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status_since', models.DateTimeField(verbose_name='初审时的状态开始时间')),
                ('at', models.DateTimeField(verbose_name='初审时间')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='初审人')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='first_approvals', to='cards.cardrequest', verbose_name='申请')),
            ],
            options={
                'verbose_name': '初审',
                'verbose_name_plural': '初审',
                'constraints': [models.UniqueConstraint(fields=('request', 'status_since'), name='one_first_approval_per_review', violation_error_message='这件申请已有初审，等待另一人复核。')],
            },
        ),
    ]
