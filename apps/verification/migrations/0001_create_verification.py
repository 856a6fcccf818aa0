import apps.common.references
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cards', '0001_create_cards'),
        ('people', '0001_create_people'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status_since', models.DateTimeField(verbose_name='状态开始时间')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='编号')),
                ('status', models.CharField(choices=[('PENDING', '待核验'), ('PASSED', '已通过'), ('USED', '已使用'), ('EXPIRED', '已失效')], max_length=8, verbose_name='状态')),
                ('purpose', models.CharField(choices=[('APPLY', '社会保障卡申领'), ('ACTIVATE', '社会保障卡启用'), ('REPLACE', '社会保障卡补换'), ('LOSS_REPORT', '社会保障卡临时挂失')], max_length=12, verbose_name='事项')),
                ('method', models.CharField(blank=True, choices=[('FACE', '人脸核验'), ('CODE', '短信验证码和密码')], max_length=4, verbose_name='方式')),
                ('outcome', models.CharField(choices=[('PENDING', '待核验'), ('PASSED', '通过'), ('UNCERTAIN', '通过，相似度待审核老师核对'), ('REFUSED', '未通过')], default='PENDING', max_length=9, verbose_name='结果')),
                ('score', models.FloatField(blank=True, null=True, verbose_name='人脸距离')),
                ('created_at', models.DateTimeField(verbose_name='开始时间')),
                ('expires_at', models.DateTimeField(verbose_name='失效时间')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='得出结果时间')),
                ('next_url', models.CharField(max_length=200, verbose_name='通过后前往')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to=settings.AUTH_USER_MODEL, verbose_name='核验人')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='people.holder', verbose_name='为谁办理')),
                ('request', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='cards.cardrequest', verbose_name='申请')),
            ],
            options={
                'verbose_name': '身份核验',
                'verbose_name_plural': '身份核验',
            },
        ),
        migrations.CreateModel(
            name='FaceTry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('likeness', models.CharField(blank=True, choices=[('SIMILAR', '相似'), ('UNCERTAIN', '不能确定'), ('DIFFERENT', '不相似'), ('NO_FACE', '没有找到人脸'), ('MANY_FACES', '不止一张人脸'), ('NO_REFERENCE', '留存照片里没有可比对的人脸')], max_length=12, verbose_name='比对结果')),
                ('score', models.FloatField(blank=True, null=True, verbose_name='人脸距离')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('of_check', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='face_tries', to='verification.check', verbose_name='身份核验')),
            ],
            options={
                'verbose_name': '人脸比对',
                'verbose_name_plural': '人脸比对',
            },
        ),
        migrations.CreateModel(
            name='OneTimeCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, verbose_name='验证码摘要')),
                ('created_at', models.DateTimeField(verbose_name='发送时间')),
                ('expires_at', models.DateTimeField(verbose_name='失效时间')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='已试次数')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='使用时间')),
                ('of_check', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes', to='verification.check', verbose_name='身份核验')),
            ],
            options={
                'verbose_name': '短信验证码',
                'verbose_name_plural': '短信验证码',
            },
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('method', ''), ('outcome', 'PENDING')), models.Q(('decided_at__isnull', False), ('outcome__in', ['PASSED', 'UNCERTAIN', 'REFUSED']), models.Q(('method', ''), _negated=True)), _connector='OR'), name='decided_check_has_method_and_moment'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['PASSED', 'USED']), _negated=True), ('outcome__in', ('PASSED', 'UNCERTAIN')), _connector='OR'), name='only_a_good_outcome_passes', violation_error_message='没有通过的核验不能使用。'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['PENDING', 'PASSED', 'USED', 'EXPIRED'])), name='check_status_is_known'),
        ),
    ]
