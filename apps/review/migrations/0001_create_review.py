import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cards', '0002_create_cards_2'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FirstApproval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status_since', models.DateTimeField(verbose_name='初审时的状态开始时间')),
                ('at', models.DateTimeField(verbose_name='初审时间')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='初审人')),
                ('card_request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='first_approvals', to='cards.cardrequest', verbose_name='申请')),
            ],
            options={
                'verbose_name': '初审',
                'verbose_name_plural': '初审',
                'constraints': [models.UniqueConstraint(fields=('card_request', 'status_since'), name='one_first_approval_per_review', violation_error_message='这件申请已有初审，等待另一人复核。')],
            },
        ),
    ]
